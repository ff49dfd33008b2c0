"""The shipped kernels on other machines: older processors by their instructions, and WebAssembly under node."""

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from ctypes import CFUNCTYPE, addressof, c_double, c_int32, c_int64, c_void_p
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from race_sim.kernels.shipped import FILE, Bundle, unpack

WASM = ("wasm32-unknown-unknown", "e-m:e-p:32:32-p10:8:8-p20:8:8-i64:64-i128:128-n32:64-S128-ni:1:10:20")
RELEASED = """
define i8 @released(ptr %count, i64 %less, i32 %condition) {
  %before = load i64, ptr %count
  %after = sub i64 %before, %less
  store i64 %after, ptr %count
  %none = icmp eq i64 %after, 0
  %answer = zext i1 %none to i8
  ret i8 %answer
}
"""  # of a reference; numba has an instruction of x86 for it
RUNNER = """
const fs = require('fs');
const [code, given, symbol, sizes] = [...process.argv.slice(2, 5), JSON.parse(process.argv[5])];
const data = fs.readFileSync(given);
(async () => {
  const module = await WebAssembly.compile(fs.readFileSync(code));
  const asked = WebAssembly.Module.imports(module).map(one => one.name).sort();
  const memory = new WebAssembly.Memory({initial: 512 + Math.ceil(data.length / 65536)});
  let top = 16 << 20;
  const room = size => { const at = top; top += (Number(size) + 15) & ~15; return at; };
  const wide = (low, high) => (BigInt.asUintN(64, high) << 64n) | BigInt.asUintN(64, low);
  const multiply = (at, a, aHigh, b, bHigh) => {
    const product = BigInt.asUintN(128, wide(a, aHigh) * wide(b, bHigh)), view = new DataView(memory.buffer);
    view.setBigUint64(at, BigInt.asUintN(64, product), true);
    view.setBigUint64(at + 8, product >> 64n, true);
  };
  const env = {memory, malloc: room, free: () => undefined, sqrt: Math.sqrt, __multi3: multiply};
  const {exports} = await WebAssembly.instantiate(module, {env});
  const start = room(data.length), bytes = new Uint8Array(memory.buffer);
  bytes.set(data, start);
  const call = [];
  let at = start;
  for (const [kind, size, ...shape] of sizes) {
    if (kind !== 'array') {
      call.push(kind === 'float' ? Number(size) : BigInt(size));
      continue;
    }
    call.push(at, ...shape.map(BigInt));
    at += size;
  }
  const scratch = room(64);
  const status = exports[symbol](scratch, scratch, ...call);
  fs.writeFileSync(given, bytes.slice(start, start + data.length));
  console.log(JSON.stringify({status, asked}));
})();
"""


def symbol(kernel: Any) -> tuple[str, str]:
    """The group of a kernel, and what it is called there."""
    (entry,) = (one for one in bundle().header["entries"] if one["name"] == f"{kernel.__module__}.{kernel.__name__}")
    return entry["group"], entry["symbol"]


@cache
def bundle() -> Bundle:
    """The shipped kernels."""
    return unpack(FILE.read_bytes())


@cache
def engine(group: str, processor: str) -> Any:
    """Machine code for a processor that this one can stand in for."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple().create_target_machine(
        cpu=processor, features="", opt=3, codemodel="jitdefault", jit=True
    )
    made = llvm.create_mcjit_compiler(llvm.parse_assembly(bundle().code(group)), target)
    made.finalize_object()
    return made


def on_processor(kernel: Any, arguments: Sequence[Any], processor: str) -> None:
    """Run a kernel that returns nothing on arrays and numbers, by that code."""
    flat: list[Any] = []
    types: list[Any] = []
    for one in arguments:
        if isinstance(one, np.ndarray):
            flat += [one.ctypes.data, *one.shape]
            types += [c_void_p, *[c_int64] * one.ndim]
        else:
            flat.append(one if isinstance(one, float) else int(one))
            types.append(c_double if isinstance(one, float) else c_int64)
    scratch = (c_void_p * 2)()
    group, name = symbol(kernel)
    function = CFUNCTYPE(c_int32, c_void_p, c_void_p, *types)(engine(group, processor).get_function_address(name))
    assert function(addressof(scratch), addressof(scratch), *flat) == 0


def webassembly(folder: Path, group: str) -> Path:
    """Translate a group of kernels into one WebAssembly module; needs the linker ``wasm-ld``."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    text = re.sub(r"^target triple = .*$", f'target triple = "{WASM[0]}"', bundle().code(group), flags=re.MULTILINE)
    text = re.sub(r"^target datalayout = .*$", f'target datalayout = "{WASM[1]}"', text, flags=re.MULTILINE)
    text = re.sub(r'"(target-cpu|target-features)"="[^"]*"', "", text)
    text = re.sub(r"^declare i8 @llvm.x86.atomic.sub.cc.*$", RELEASED, text, flags=re.MULTILINE)
    text = text.replace("@llvm.x86.atomic.sub.cc.i64(", "@released(")
    target = llvm.Target.from_triple(WASM[0]).create_target_machine(opt=3, features="+sign-ext,+bulk-memory")
    made, module = folder / f"{group}.o", folder / f"{group}.wasm"
    made.write_bytes(target.emit_object(llvm.parse_assembly(text)))
    linker = shutil.which("wasm-ld")
    assert linker is not None
    exported = [f"--export={one['symbol']}" for one in bundle().header["entries"] if one["group"] == group]
    subprocess.run(
        [linker, "--no-entry", *exported, "--import-memory", "--allow-undefined", str(made), "-o", str(module)],
        check=True,
    )
    return module


def under_node(kernel: Any, arguments: Sequence[Any], module: Path) -> list[str]:
    """Run a kernel that returns nothing in WebAssembly; what the module wants from outside."""
    arrays = [one for one in arguments if isinstance(one, np.ndarray)]
    given = module.with_name("arrays.bytes")
    given.write_bytes(b"".join(array.tobytes() for array in arrays))
    sizes = json.dumps([
        ["array", one.nbytes, *one.shape] if isinstance(one, np.ndarray)
        else ["float", repr(one).replace("inf", "Infinity")] if isinstance(one, float)
        else ["whole", str(one)] for one in arguments
    ])  # fmt: skip
    runner = module.with_name("runner.js")
    runner.write_text(RUNNER)
    done = subprocess.run(
        ["node", str(runner), str(module), str(given), symbol(kernel)[1], sizes],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["status"] == 0
    data, start = given.read_bytes(), 0
    for array in arrays:
        array.view("u1").reshape(-1)[:] = memoryview(data)[start : start + array.nbytes]
        start += array.nbytes
    return list(answer["asked"])
