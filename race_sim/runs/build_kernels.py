"""Compile the kernels ahead of time: ``python -m race_sim.runs.build_kernels [FILE]`` (``make kernels``).

Every entry of race_sim/kernels/entries.py gets a function of plain numbers and addresses, which makes arrays of them
and calls the kernel; numba compiles it, and its optimised LLVM code is kept. Vectors are at most those of x86-64-v3
there; llvmlite makes machine code of it for the processor at hand. The code may call no mathematics library but for
what IEEE 754 lays down, so that runs have the same bits everywhere (race_sim/kernels/elementary.py).
"""

import os
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from race_sim.kernels.entries import ENTRIES, signature
from race_sim.kernels.shipped import FILE, FORMAT, MACHINE, NUMBERS, pack
from race_sim.kernels.sources import STAMP, numba_version
from race_sim.kernels.state import LAB, LAB_TRACE, NATION, NATION_TRACE, WORLD, WORLD_TRACE
from race_sim.runs.records import PARAMETERS

RECORDS = {"L": LAB, "N": NATION, "W": WORLD, "P": PARAMETERS, "l": LAB_TRACE, "n": NATION_TRACE, "w": WORLD_TRACE}
LARGEST = 500_000  # bytes of the file
PROCESSOR = {"x86_64": "x86-64-v3", "AMD64": "x86-64-v3"}
OUTSIDE = re.compile(r"llvm\..*|memset|memcpy|memmove|malloc|free|sqrt|floor|ceil|rint")  # nothing that differs
LOCAL = r'(?:"[^"]*"|[-a-zA-Z$._0-9]+)'
NAMED = re.compile(rf"%({LOCAL})|^({LOCAL}):", re.MULTILINE)  # a value that is named or used, and where a block begins
FUNCTION = re.compile(r"^define .*?^}$", re.MULTILINE | re.DOTALL)
ALLOCATION = """
declare noalias ptr @malloc(i64)
declare void @free(ptr)

define linkonce_odr noalias ptr @NRT_MemInfo_alloc_aligned(i64 %size, i32 %align) {
  %wide = zext i32 %align to i64
  %room = add i64 %size, %wide
  %whole = add i64 %room, 48
  %info = call ptr @malloc(i64 %whole)
  %none = icmp eq ptr %info, null
  br i1 %none, label %failed, label %made
failed:
  ret ptr null
made:
  store i64 1, ptr %info
  %first = ptrtoint ptr %info to i64
  %after = add i64 %first, 48
  %less = sub i64 %wide, 1
  %up = add i64 %after, %less
  %mask = xor i64 %less, -1
  %aligned = and i64 %up, %mask
  %data = inttoptr i64 %aligned to ptr
  %slot = getelementptr i8, ptr %info, i64 24
  store ptr %data, ptr %slot
  %slot_of_size = getelementptr i8, ptr %info, i64 32
  store i64 %size, ptr %slot_of_size
  ret ptr %info
}

define linkonce_odr void @NRT_MemInfo_call_dtor(ptr %info) {
  call void @free(ptr %info)
  ret void
}
"""


def _source(takes: list[str], gives: list[str]) -> tuple[str, list[str]]:
    """The text of the function of plain numbers and addresses, and the types of its arguments."""
    names: list[str] = []
    types: list[str] = []
    passed: list[str] = []
    for number, kind in enumerate(takes):
        name, letter = f"a{number}", kind[0]
        names.append(name)
        if kind in ("f", "i", "u", "b"):
            types.append({"f": "float64", "i": "int64", "u": "uint64", "b": "boolean"}[kind])
            passed.append(name)
            continue
        types.append("voidptr")
        dimensions = int(kind[1:].removesuffix("r") or 0)
        sizes = [f"{name}_{d}" for d in range(dimensions)]
        names += sizes
        types += ["int64"] * dimensions
        shape = "(" + "".join(f"{size}, " for size in sizes or ["1"]) + ")"
        passed.append(f"carray({name}, {shape}, of_{letter})" + ("" if dimensions else "[0]"))
    call = f"kernel({', '.join(passed)})"
    if not gives:
        return f"def entry({', '.join(names)}):\n    {call}\n", types
    lines = [f"    result = {call}", f"    given = carray(out, ({len(gives)},), of_F)"]
    values = ["result"] if len(gives) == 1 else [f"result[{k}]" for k in range(len(gives))]
    lines += [f"    given[{k}] = 1.0 * {value}" for k, value in enumerate(values)]
    return f"def entry({', '.join([*names, 'out'])}):\n" + "\n".join(lines) + "\n", [*types, "voidptr"]


def _compiled(name: str, text: str, symbol: str) -> str:
    """LLVM code of one entry; its function has the symbol as its name, and nothing else can be called from outside."""
    import llvmlite.binding as llvm
    import numba

    module, _, function = name.rpartition(".")
    kernel = next(
        value for value in vars(import_module(f"race_sim.kernels.{module}")).values()
        if getattr(value, "__qualname__", None) == function
    )  # fmt: skip
    source, types = _source(*signature(text))
    scope: dict[str, Any] = {"kernel": kernel, "carray": vars(numba)["carray"]}
    scope |= {f"of_{letter}": dtype for letter, dtype in (RECORDS | NUMBERS).items()}
    exec(source.replace("def entry", f"def {symbol}"), scope)
    of_types = numba.void(*(getattr(numba.types, one) for one in types))
    made = numba.njit(of_types, nogil=True, error_model="numpy")(scope[symbol])
    code = llvm.parse_assembly(made.inspect_llvm(made.signatures[0]))
    for one in list(code.functions):
        if one.is_declaration:
            continue
        if symbol in one.name and not one.name.startswith(("_ZN7cpython", "cfunc.")):
            if one.linkage == llvm.Linkage.external:
                one.name = symbol
        elif one.name.startswith(("_ZN7cpython", "cfunc.")):
            one.linkage = llvm.Linkage.internal
    return str(code)


def _group(entries: dict[str, str], symbols: dict[str, str]) -> str:
    """LLVM code of a group of entries, without what nothing calls."""
    import llvmlite.binding as llvm

    whole = llvm.parse_assembly(ALLOCATION)
    for name, text in entries.items():
        print(f"compiling {name}", file=sys.stderr, flush=True)
        part = llvm.parse_assembly(_compiled(name, text, symbols[name]))
        whole.triple, whole.data_layout = part.triple, part.data_layout
        whole.link_in(part)
    for one in [*whole.functions, *whole.global_variables]:
        if not one.is_declaration and one.name not in symbols.values():
            one.linkage = llvm.Linkage.internal
    passes = llvm.create_new_module_pass_manager()
    for add in ("global_dead_code_eliminate", "dead_arg_elimination", "strip_dead_prototype"):
        getattr(passes, f"add_{add}_pass")()
    target = llvm.Target.from_default_triple().create_target_machine()
    passes.run(whole, llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options(speed_level=0)))
    outside = {one.name for one in whole.functions if one.is_declaration}
    unknown = sorted(name for name in outside if not OUTSIDE.fullmatch(name))
    if unknown:
        raise SystemExit(f"kernels: these functions are not at hand where the kernels run: {', '.join(unknown)}")
    whole.verify()
    shorter = _renamed(str(whole))
    llvm.parse_assembly(shorter).verify()
    return shorter


def _renamed(code: str) -> str:
    """The same LLVM code with values named by their number in each function: it is shorter by a quarter, compressed."""

    def function(body: re.Match[str]) -> str:
        names: dict[str, str] = {}

        def local(place: re.Match[str]) -> str:
            used, begun = place.groups()
            short = names.setdefault(used or begun, f"v{len(names)}")
            return f"%{short}" if used else f"{short}:"

        return NAMED.sub(local, body.group())

    return re.sub(r" *; preds = .*$", "", FUNCTION.sub(function, code), flags=re.MULTILINE)


def build(file: Path) -> int:
    """Compile every entry and write the file.

    Parameters
    ----------
    file : Path
        Where to.

    Returns
    -------
    int
        Its size, bytes.

    Raises
    ------
    SystemExit
        If the code needs functions that are not at hand where it runs, or the file would be too large.
    """
    symbols = {name: f"race_sim_{name.replace('.', '_')}" for entries in ENTRIES.values() for name in entries}
    entries = [
        {"name": f"race_sim.kernels.{name}", "group": group, "symbol": symbols[name], "takes": takes, "gives": gives}
        for group, known in ENTRIES.items()
        for name, text in known.items()
        for takes, gives in (signature(text),)
    ]
    header = {
        "format": FORMAT,
        "sources": STAMP,
        "numba": numba_version(),
        "machine": MACHINE,
        "records": {letter: str(dtype.descr) for letter, dtype in RECORDS.items()},
        "entries": entries,
    }
    content = pack(header, {group: _group(known, symbols) for group, known in ENTRIES.items()})
    if len(content) > LARGEST:
        raise SystemExit(f"kernels: {file.name} must have at most {LARGEST} bytes, has {len(content)}")
    partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
    partial.write_bytes(content)
    partial.replace(file)
    return len(content)


def aim_low() -> None:
    """Let numba compile for every processor that the shipped kernels are for, unless NUMBA_CPU_NAME names one.

    Loops are over a few labs, nations or strategies: vectorised copies of them make no run faster and the code longer,
    which every first start would wait for. To be called before numba is imported.
    """
    os.environ.setdefault("NUMBA_LOOP_VECTORIZE", "0")
    processor = PROCESSOR.get(MACHINE.partition("-")[0])
    if processor and "NUMBA_CPU_NAME" not in os.environ:
        os.environ["NUMBA_CPU_NAME"] = processor
        os.environ.setdefault("NUMBA_CPU_FEATURES", "")


def main() -> None:
    """Compile the kernels into the package, or into the file named."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    aim_low()
    print(f"{file.name}: {build(file)} bytes")


if __name__ == "__main__":
    main()
