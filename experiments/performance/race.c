/* The race in C: the yardstick for the speed of the kernels, and a second transcription of race_sim/MODEL.md.

   Laws of sections 3 and 5, policies of section 6, the rules `fixed` and `best_response`, both estimators, the same
   Philox draws. It works on the same records as the kernels: records.h is written from race_sim/kernels/state.py. */

#include <math.h>
#include <stdint.h>

#include "records.h" /* struct Lab, Nation, World, Parameters: 64-bit fields, in the order of the arrays */

#define LN10 2.302585092994045684
#define TOP_SHARE 0.95
#define NEVER -1e300

typedef struct Lab Lab;
typedef struct Nation Nation;
typedef struct World World;
typedef struct Parameters Parameters;

enum { FIXED, BEST_RESPONSE };                  /* codes of rules, as in race_sim/kernels/rules.py */
enum { ADVANCE = 1, SEVERITY, REGULATE, MONITOR }; /* purposes of draws */
enum { NOBODY, FUNDAMENTALS, TREATY };

static inline double clip(double x, double low, double high) { return x < low ? low : x > high ? high : x; }
static inline double larger(double a, double b) { return a > b ? a : b; }
static inline double smaller(double a, double b) { return a < b ? a : b; }
static inline double ten_to(double x) { return exp(clip(LN10 * x, -100 * LN10, 100 * LN10)); }
/* the baseline raises to a half, and a square root is cheap */
static inline double power(double x, double e) { return e == 0.5 ? sqrt(x) : pow(x, e); }
static inline double within(double hazard, double dt) { return -expm1(-hazard * dt); }
static inline double relax(double x, double to, double rate, double dt) { return x + smaller(1, rate * dt) * (to - x); }

typedef struct { double first, second; } Pair;

static inline Pair draw(const World *w, int64_t actor, int64_t purpose) {
    uint64_t c0 = (uint32_t)w->run, c1 = (uint32_t)w->period, c2 = (uint32_t)actor;
    uint64_t c3 = (uint32_t)((uint64_t)purpose | ((uint64_t)w->run >> 32) << 8);
    uint32_t k0 = (uint32_t)w->seed, k1 = (uint32_t)(w->seed >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = 0xD2511F53u * c0, p1 = 0xCD9E8D57u * c2;
        c0 = (p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (Pair){((c0 << 32 | c1) >> 11) * 0x1p-53, ((c2 << 32 | c3) >> 11) * 0x1p-53};
}

/* ---- treaty, floors, totals */

static void open_treaty(Nation *nations, int N, World *w, const Parameters *p) {
    int signatories = 0, open = 0;
    for (int n = 0; n < N; n++) {
        signatories += nations[n].signs;
        open += nations[n].shares_openly;
    }
    int exists = signatories > 0 && signatories >= p->cooperation_treaty_min_signatories;
    w->treaty_in_force = exists && w->period >= w->suspended_until;
    int sharing = w->treaty_in_force || (exists && p->cooperation_suspend_sharing < 0.5);
    for (int n = 0; n < N; n++) {
        Nation *nation = nations + n;
        nation->group = NOBODY;
        if (nation->signs && sharing && signatories > 1) nation->group = TREATY;
        if (nation->shares_openly && open > 1) nation->group = FUNDAMENTALS;
        nation->benchmarks = nation->group ? p->cooperation_benchmarks : 0;
        nation->sharing = nation->group ? p->cooperation_sharing : 0;
        nation->floor = p->regulation_floor * nation->regulation;
        nation->least_delay = larger(p->release_shortest, p->release_regulated * nation->regulation);
        if ((nation->signs && nation->honours && w->treaty_in_force) || nation->keeps_standard) {
            nation->floor = larger(nation->floor, p->cooperation_standard);
            nation->least_delay = larger(nation->least_delay, p->cooperation_testing);
        }
    }
}

static void use_share(Lab *lab, const Nation *nations) {
    lab->share = smaller(TOP_SHARE, larger(lab->chosen, lab->floor));
    lab->delay = larger(lab->delay_chosen, nations[lab->nation].least_delay);
    lab->safety_work = lab->share * lab->resources;
}

static void open_lab(Lab *lab, const Nation *nations, const Parameters *p) {
    lab->resources = lab->funding * lab->boost * power(lab->trust, p->trust_investment_elasticity);
    lab->effort_at_zero = lab->resources * (1 - p->regulation_burden * nations[lab->nation].regulation);
    double tips = p->alarm_whistle * lab->alarm * p->alarm_exposure;
    lab->exposed = tips / (1 + tips);
    lab->floor = larger(nations[lab->nation].floor, p->alarm_voice * lab->alarm);
    use_share(lab, nations);
}

static void survey_safety(const Lab *labs, int L, Nation *nations, int N, World *w) {
    double together[3] = {0, 0, 0};
    w->shares = w->safety_work = 0;
    for (int n = 0; n < N; n++) nations[n].safety_work = 0;
    for (int i = 0; i < L; i++) {
        nations[labs[i].nation].safety_work += labs[i].safety_work;
        w->shares += labs[i].share;
    }
    for (int n = 0; n < N; n++) {
        w->safety_work += nations[n].safety_work;
        together[nations[n].group] += nations[n].safety_work;
    }
    for (int n = 0; n < N; n++)
        nations[n].partners_safety_work = nations[n].group ? together[nations[n].group] : nations[n].safety_work;
}

static void survey_capability(const Lab *labs, int L, Nation *nations, int N, World *w) {
    w->resources = 0;
    w->best_capability = w->best_deployed = NEVER;
    for (int n = 0; n < N; n++) nations[n].best_capability = NEVER, nations[n].alarm = 0;
    for (int i = 0; i < L; i++) {
        Nation *nation = nations + labs[i].nation;
        nation->best_capability = larger(nation->best_capability, labs[i].capability);
        w->resources += labs[i].resources;
        w->best_deployed = larger(w->best_deployed, labs[i].deployed);
        nation->alarm = larger(nation->alarm, labs[i].alarm);
        if (labs[i].capability > w->best_capability) {
            w->best_capability = labs[i].capability;
            w->leader = i;
        }
    }
    for (int group = 0; group < 3; group++) {
        double best = NEVER, second = NEVER;
        int leader = -1;
        for (int n = 0; n < N; n++) {
            if (group && nations[n].group != group) continue;
            if (nations[n].best_capability > best) {
                second = best;
                best = nations[n].best_capability;
                leader = n;
            } else if (nations[n].best_capability > second) {
                second = nations[n].best_capability;
            }
        }
        for (int n = 0; n < N; n++) {
            double other = leader == n ? second : best;
            if (!group) {
                nations[n].rival_best = other;
                nations[n].partner_best = NEVER;
            } else if (nations[n].group == group) {
                nations[n].partner_best = other;
            }
        }
    }
}

/* ---- growth */

static inline double drift(const Lab *lab, const Nation *nation, const World *w, const Parameters *p) {
    return p->capability_diffusion_rate * larger(0, w->best_capability - lab->capability) +
           p->cooperation_leak * nation->sharing * larger(0, nation->partner_best - lab->capability);
}

static inline double spill(const Lab *lab, const Nation *nation, const World *w, const Parameters *p) {
    double near = p->assurance_domestic_spillover, far = p->assurance_foreign_spillover;
    return larger(0, near * (nation->safety_work - lab->safety_work) + far * (w->safety_work - nation->safety_work) +
                         nation->sharing * (near - far) * (nation->partners_safety_work - nation->safety_work));
}

static inline double growth(double drive, const Lab *lab, const Nation *nation, const Parameters *p) {
    return p->capability_growth_rate * nation->growth_multiplier * drive *
           ten_to(-p->capability_idea_difficulty * lab->capability);
}

static inline double lift(double work, const Lab *lab, const Parameters *p) {
    return p->assurance_growth_rate * power(work, p->assurance_elasticity) *
           ten_to(-p->assurance_difficulty * lab->capability);
}

static inline double wear_of(const Nation *nation, const Parameters *p) {
    return p->market_wear + nation->benchmarks * (p->cooperation_benchmark_wear - p->market_wear);
}

static inline double seen_of(double capability, const Nation *nation, const Parameters *p) {
    double unaided = p->market_measurement_reliability, outgrown = larger(0, capability);
    double aided = unaided + (1 - unaided) * nation->benchmarks - wear_of(nation, p) * outgrown;
    return larger(larger(0, unaided - p->market_wear * outgrown), aided);
}

static inline double absorbed(double part, const Parameters *p) {
    return 1 - p->capability_absorption + p->capability_absorption * part;
}

/* own growth and what flows in, at the share in use */
static inline double speed(double drive, const Lab *lab, const Nation *nation, const World *w, const Parameters *p) {
    double inflow = drift(lab, nation, w, p);
    if (p->capability_absorption > 0) inflow *= absorbed(pow(1 - lab->share, p->capability_effort_elasticity), p);
    return growth(drive, lab, nation, p) + inflow;
}

static inline double doubted(double raw, const Parameters *p) {
    double sigma = p->lab_doubt;
    return larger(0, raw) + (sigma > 0 ? sigma * log1p(exp(-fabs(raw) / sigma)) : 0);
}

static inline double findings(double delay, const Parameters *p) {
    return p->release_test_yield * -expm1(-delay / p->release_test_time);
}

/* What is deployed of a projected capability k is released k + held, and testing has assured tested. */
typedef struct { double released, held, tested; } Release;

static Release release(const Lab *lab, const Parameters *p, double years) {
    double H = p->lab_planning_horizon, delay = lab->delay, counted = years + p->lab_foresight * (H - years);
    if (delay <= 0) return (Release){1, 0, 0};
    double left = exp(-H / delay), kept = smaller(1, delay * (1 - left) / counted), all = findings(delay, p);
    return (Release){1 - kept, lab->capability * kept - (lab->capability - lab->deployed) * left,
                     all + (lab->tested - all) * left};
}

static inline double hardening(double rise, const Parameters *p) {
    double harder = LN10 * p->assurance_difficulty * rise;
    return harder > 0 ? -expm1(-harder) / harder : 1;
}

static inline double damping(double risk, const Parameters *p) {
    return 1 / (1 + risk * p->incidents_mishap_hazard / p->incidents_hazard_ceiling);
}

static inline double pull_of(double quality, double reference, double trust, const Parameters *p) {
    return larger(trust, 1e-12) * ten_to(p->market_selectivity * (quality - reference));
}

static inline double severity_of(double capability, const Parameters *p) {
    return smaller(1, p->incidents_catastrophe_probability * ten_to(p->incidents_severity_growth * capability));
}

/* ---- best response */

static inline double reach_of(double horizon, double rate) { return rate <= 0 ? horizon : -expm1(-rate * horizon) / rate; }

static double speed_now(const Lab *lab, const Nation *nations, const World *w, const Parameters *p) {
    double drive = pow((1 - lab->share) * lab->effort_at_zero, p->capability_effort_elasticity);
    return speed(drive, lab, nations + lab->nation, w, p);
}

static void foresee(Lab *labs, int L, const Nation *nations, World *w, const Parameters *p) {
    double f = p->lab_foresight, years = reach_of(p->lab_planning_horizon, p->capability_diffusion_rate);
    w->foreseen = f > 0 ? f * speed_now(labs + w->leader, nations, w, p) * (p->lab_planning_horizon - years) : 0;
    for (int i = 0; i < L; i++)
        labs[i].foreseen = f > 0 ? f * (speed_now(labs + i, nations, w, p) * years + w->foreseen) : 0;
}

static void form_outlook(Lab *labs, int L, Nation *nations, int N, World *w, const Parameters *p) {
    double horizon = p->lab_planning_horizon, years = reach_of(horizon, p->capability_diffusion_rate);
    double reference = NEVER;
    w->outlook_best = w->outlook_second = NEVER;
    for (int i = 0; i < L; i++) {
        Lab *lab = labs + i;
        const Nation *nation = nations + lab->nation;
        double k = lab->capability + speed_now(lab, nations, w, p) * years + w->foreseen;
        double gained = horizon * lift(lab->safety_work + spill(lab, nation, w, p), lab, p);
        Release r = release(lab, p, years);
        k = r.released * k + r.held;
        double gap = doubted(k - (lab->assurance + gained * hardening(lab->foreseen, p)) - r.tested, p);
        double seen = lab->exposed + (1 - lab->exposed) * seen_of(k, nation, p);
        lab->outlook_deployed = k;
        lab->outlook_quality = k - p->market_safety_premium * seen * gap;
        double risk = ten_to(p->incidents_gap_sensitivity * gap) - 1;
        lab->outlook_risk = risk * damping(risk, p);
        lab->outlook_severity = severity_of(k, p);
        reference = larger(reference, lab->outlook_quality);
        if (k > w->outlook_best) {
            w->outlook_second = w->outlook_best;
            w->outlook_best = k;
            w->outlook_leader = i;
        } else if (k > w->outlook_second) {
            w->outlook_second = k;
        }
    }
    for (int n = 0; n < N; n++) nations[n].outlook_risk = 0;
    w->outlook_reference = reference;
    w->outlook_pull = w->outlook_trust = w->outlook_catastrophe = w->outlook_risk = 0;
    for (int i = 0; i < L; i++) {
        Lab *lab = labs + i;
        lab->outlook_pull = pull_of(lab->outlook_quality, reference, lab->trust, p);
        w->outlook_pull += lab->outlook_pull;
        w->outlook_trust += lab->outlook_pull * lab->trust;
        w->outlook_catastrophe += lab->outlook_pull * lab->outlook_risk * lab->outlook_severity;
        nations[lab->nation].outlook_risk += lab->outlook_pull * lab->outlook_risk;
    }
    for (int n = 0; n < N; n++) w->outlook_risk += nations[n].outlook_risk;
}

typedef struct {
    const Lab *lab;
    const Parameters *p;
    Release release;
    double growth_at_zero, drift, ahead, reach, spill, lift_per_effort, seen, wear, reference;
    double rivals_pull, rivals_trust, home_risk, abroad_risk, rivals_catastrophe, rivals_best;
} Prospect;

typedef struct { double value, slope, gap; } Outlook;

static Outlook objective(double x, const Prospect *q) {
    const Parameters *p = q->p;
    double H = p->lab_planning_horizon, idle = 1 - x;
    double part = pow(idle, p->capability_effort_elasticity), grown = q->growth_at_zero * part;
    double k = q->lab->capability + (grown + q->drift * absorbed(part, p)) * q->reach + q->ahead;
    double pushed = grown + q->drift * p->capability_absorption * part;
    double k_x = -p->capability_effort_elasticity * pushed * q->reach / idle * q->release.released;
    k = q->release.released * k + q->release.held;
    double work = x * q->lab->resources + q->spill;
    double gained = q->lift_per_effort * power(work, p->assurance_elasticity);
    double gained_x = work > 0 ? p->assurance_elasticity * gained * q->lab->resources / work
                               : q->lab->resources > 0 ? 1e9 : 0;
    double open_gap = k - (q->lab->assurance + gained) - q->release.tested;
    double gap = doubted(open_gap, p), gap_x = open_gap > 0 ? k_x - gained_x : 0;
    if (p->lab_doubt > 0) gap_x = (k_x - gained_x) / (1 + exp(-open_gap / p->lab_doubt));

    double seen = q->seen - q->wear * larger(0, k), seen_x = k > 0 ? -q->wear * k_x : 0;
    double unaided = p->market_measurement_reliability - p->market_wear * larger(0, k);
    if (unaided > seen) seen = unaided, seen_x = k > 0 ? -p->market_wear * k_x : 0;
    if (seen <= 0) seen = seen_x = 0;
    seen = q->lab->exposed + (1 - q->lab->exposed) * seen, seen_x *= 1 - q->lab->exposed;
    double quality = k - p->market_safety_premium * seen * gap;
    double quality_x = k_x - p->market_safety_premium * (seen * gap_x + seen_x * gap);
    double pull = pull_of(quality, q->reference, q->lab->trust, p);
    double pull_x = pull * LN10 * p->market_selectivity * quality_x;
    double scale = 1 / (pull + q->rivals_pull), scale_x = -scale * scale * pull_x;
    double share = pull * scale, share_x = q->rivals_pull * scale * scale * pull_x;

    double risk = ten_to(p->incidents_gap_sensitivity * gap) - 1, damp = damping(risk, p);
    double risk_x = LN10 * p->incidents_gap_sensitivity * (risk + 1) * gap_x * damp * damp;
    risk *= damp;
    double hazard = p->incidents_mishap_hazard * share * risk;
    double hazard_x = p->incidents_mishap_hazard * (share_x * risk + share * risk_x);
    double grave = severity_of(k, p);
    double grave_x = grave < 1 ? LN10 * p->incidents_severity_growth * grave * k_x : 0;
    double doom = p->incidents_mishap_hazard * q->rivals_catastrophe;
    double perceived = H * q->lab->risk_perception;
    double survival = exp(-perceived * (hazard * grave + doom * scale));
    double survival_x = -survival * perceived * (hazard_x * grave + hazard * grave_x + doom * scale_x);

    double loss = p->trust_mishap_loss, jump = p->regulation_burden * p->regulation_step;
    double home = jump * p->regulation_home_probability, abroad = jump * p->regulation_abroad_probability;
    double others = (loss * p->trust_commons_share + home) * (p->incidents_mishap_hazard * q->home_risk) +
                    (loss * p->trust_commons_share + abroad) * (p->incidents_mishap_hazard * q->abroad_risk);
    double fear = p->lab_anticipation * H;
    double future = 1 - fear * ((loss + home) * hazard + others * scale);
    double future_x = -fear * ((loss + home) * hazard_x + others * scale_x);
    if (future <= 0) future = future_x = 0;

    double trusted = pull * q->lab->trust + q->rivals_trust;
    double per_trust = p->market_size * ten_to(p->market_growth * larger(k, q->rivals_best));
    double value = per_trust * (trusted * scale);
    double value_x = per_trust * (pull_x * q->lab->trust * scale + trusted * scale_x);
    if (k > q->rivals_best) value_x += value * LN10 * p->market_growth * k_x;
    double revenue = value * share, revenue_x = value_x * share + value * share_x;
    double margin = survival * future - p->lab_liability * hazard * (1 - grave);
    double margin_x = survival_x * future + survival * future_x -
                      p->lab_liability * (hazard_x * (1 - grave) - hazard * grave_x);
    return (Outlook){H * revenue * margin - (1 - survival) * p->lab_catastrophe_stake,
                     H * (revenue_x * margin + revenue * margin_x) + survival_x * p->lab_catastrophe_stake, open_gap};
}

/* Root of the slope between low (> 0) and high (< 0): Chandrupatla 1997 from the peak of the cubic through both ends;
   the last step without an evaluation. */
static double peak(double low, double high, Outlook at_low, Outlook at_high, const Prospect *q, double *value) {
    double x1 = low, f1 = at_low.slope, v1 = at_low.value, x2 = high, f2 = at_high.slope, x3, f3;
    double bend = 3 * (f1 + f2) - 6 * (at_high.value - at_low.value) / (high - low), tilt = f2 - f1 - bend;
    double t = 2 * f1 / (sqrt(larger(0, tilt * tilt - 4 * bend * f1)) - tilt);
    int close = 0;
    *value = larger(at_low.value, at_high.value);
    if (high - low < 1e-6) return at_low.value >= at_high.value ? low : high;
    for (int n = 0; n < 60 && f1 != 0 && !close && fabs(x2 - x1) >= 1e-5 * x1; n++) {
        double least = 0.5 * 1e-5 * x1 / fabs(x2 - x1);
        double x = x1 + smaller(1 - least, larger(least, t)) * (x2 - x1);
        Outlook here = objective(x, q);
        if ((here.slope > 0) == (f1 > 0)) {
            x3 = x1, f3 = f1;
        } else {
            x3 = x2, f3 = f2;
            x2 = x1, f2 = f1;
        }
        x1 = x, f1 = here.slope, v1 = here.value;
        double xi = (x1 - x2) / (x3 - x2), phi = (f1 - f2) / (f3 - f2);
        t = f1 == 0 || fabs(x2 - x1) < 1e-5 * x1 ? f1 / (f1 - f2) : 0.5;
        if (phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi) {
            t = f1 / (f1 - f2) * f3 / (f3 - f2) - (x3 - x1) / (x2 - x1) * f1 / (f3 - f1) * f2 / (f2 - f3);
            close = fabs(t * (x2 - x1)) < 1e-6 * x1;
        }
    }
    *value = v1 + 0.5 * f1 * (t * (x2 - x1));
    return x1 + t * (x2 - x1);
}

static double open_gap(double x, const Prospect *q, double *slope) {
    const Parameters *p = q->p;
    double part = pow(1 - x, p->capability_effort_elasticity), grown = q->growth_at_zero * part;
    double pushed = grown + q->drift * p->capability_absorption * part;
    double work = x * q->lab->resources + q->spill;
    double gained = q->lift_per_effort * power(work, p->assurance_elasticity);
    double gained_x = work > 0 ? p->assurance_elasticity * gained * q->lab->resources / work
                               : q->lab->resources > 0 ? 1e9 : 0;
    *slope = -p->capability_effort_elasticity * pushed * q->reach / (1 - x) * q->release.released - gained_x;
    double k = q->lab->capability + (grown + q->drift * absorbed(part, p)) * q->reach + q->ahead;
    return q->release.released * k + q->release.held - (q->lab->assurance + gained) - q->release.tested;
}

/* The share at which the projected gap closes: Newton in a bracket. */
static double closing(double low, double high, double low_gap, double high_gap, const Prospect *q) {
    double x = low + (high - low) * low_gap / (low_gap - high_gap);
    for (int n = 0; n < 60; n++) {
        double slope, gap = open_gap(x, q, &slope);
        if (gap > 0) low = x; else high = x;
        double step = gap / slope;
        if (fabs(step) < 1e-9 * x) return x - step; /* Newton squares the relative error */
        x = low < x - step && x - step < high ? x - step : 0.5 * (low + high);
    }
    return x;
}

static double crossing(double level, const Prospect *q) {
    if (q->release.released <= 0) return -1;
    level = (level - q->release.held) / q->release.released;
    double a = q->p->capability_absorption, rise = (level - (q->lab->capability + q->ahead)) / q->reach;
    double part = (rise - q->drift * (1 - a)) / (q->growth_at_zero + q->drift * a);
    return part > 0 && part < 1 ? 1 - pow(part, 1 / q->p->capability_effort_elasticity) : -1;
}

static double before(double kink, double left, double right) {
    if (left < kink - 1e-10 && kink - 1e-10 < right) return kink - 1e-10;
    if (left < kink + 1e-10 && kink + 1e-10 < right) return kink + 1e-10;
    return right;
}

static int hides(double width, Outlook a, Outlook b) {
    double mean = (b.value - a.value) / width;
    double slack = 1e-7 * (fabs(a.slope) + fabs(b.slope)) + 1e-12 * (fabs(a.value) + fabs(b.value)) / width;
    return mean < smaller(a.slope, b.slope) - slack || mean > larger(a.slope, b.slope) + slack;
}

static double best_response(Lab *lab, int i, const Nation *nations, const World *w, const Parameters *p) {
    const Nation *nation = nations + lab->nation;
    double pull = lab->outlook_pull, H = p->lab_planning_horizon;
    Prospect q = {
        .lab = lab,
        .p = p,
        .growth_at_zero = growth(pow(lab->effort_at_zero, p->capability_effort_elasticity), lab, nation, p),
        .drift = drift(lab, nation, w, p),
        .ahead = w->foreseen,
        .reach = reach_of(H, p->capability_diffusion_rate),
        .release = release(lab, p, reach_of(H, p->capability_diffusion_rate)),
        .spill = spill(lab, nation, w, p),
        .lift_per_effort = H * p->assurance_growth_rate * ten_to(-p->assurance_difficulty * lab->capability) *
                           hardening(lab->foreseen, p),
        .seen = p->market_measurement_reliability + (1 - p->market_measurement_reliability) * nation->benchmarks,
        .wear = wear_of(nation, p),
        .reference = w->outlook_reference,
        .rivals_pull = larger(0, w->outlook_pull - pull),
        .rivals_trust = larger(0, w->outlook_trust - pull * lab->trust),
        .home_risk = larger(0, nation->outlook_risk - pull * lab->outlook_risk),
        .abroad_risk = larger(0, w->outlook_risk - nation->outlook_risk),
        .rivals_catastrophe = larger(0, w->outlook_catastrophe - pull * lab->outlook_risk * lab->outlook_severity),
        .rivals_best = w->outlook_leader == i ? w->outlook_second : w->outlook_best,
    };
    double first = smaller(lab->floor, TOP_SHARE), left = first, top = TOP_SHARE, closes = -1, slope;
    Outlook here = objective(left, &q);
    double last_gap = open_gap(TOP_SHARE, &q, &slope);
    if (here.gap > 0 && last_gap < 0) closes = closing(left, TOP_SHARE, here.gap, last_gap, &q);
    if (last_gap < 0 && p->lab_doubt <= 0 && q.rivals_trust <= 2 * lab->trust * q.rivals_pull)
        top = smaller(TOP_SHARE, larger(left, closes + 1e-10)); /* a higher share has nothing left to buy */
    double overtakes = crossing(q.rivals_best, &q), unseen = -1, certain = -1, worn = -1;
    double unaided = p->market_measurement_reliability, fading = p->market_wear, level = INFINITY;
    if (q.wear > fading) level = (q.seen - unaided) / (q.wear - fading); /* as much is seen without benchmarks */
    if (level < INFINITY && unaided > fading * level) {
        worn = crossing(level, &q);
        if (fading > 0) unseen = crossing(unaided / fading, &q);
    } else if (q.wear > 0) {
        unseen = crossing(q.seen / q.wear, &q);
    }
    if (p->incidents_severity_growth > 0 && p->incidents_catastrophe_probability > 0)
        certain = crossing(-log10(p->incidents_catastrophe_probability) / p->incidents_severity_growth, &q);
    double best = left, best_value = here.value, span = top - left;
    int maxima = here.slope <= 0, corner = 1;
    for (int cell = 1; left < top;) {
        double step = cell / 5.0;
        double end = cell == 5 ? top : first + span * step * step * (2.5 - 1.5 * step);
        double right = before(closes, left, before(certain, left, before(unseen, left, before(overtakes, left, end))));
        right = before(worn, left, right);
        Outlook there = objective(right, &q);
        while (right - left > 1e-5 && hides(right - left, here, there)) {
            right = 0.5 * (left + right);
            there = objective(right, &q);
        }
        if (here.slope > 0 && there.slope < 0) {
            double value, x = peak(left, right, here, there, &q, &value);
            maxima++;
            if (value > best_value) best = x, best_value = value, corner = 0;
        }
        if (there.value > best_value) best = right, best_value = there.value, corner = right == TOP_SHARE;
        if (right == top && there.slope >= 0) maxima++;
        if (right == end) cell++;
        left = right;
        here = there;
    }
    lab->corners += w->survival * corner;
    lab->several_maxima += w->survival * (maxima > 1);
    return best;
}

/* ---- one period */

static void advance(Lab *lab, int i, Nation *nations, World *w, const Parameters *p) {
    Nation *nation = nations + lab->nation;
    double effort = (1 - lab->share) * lab->resources * (1 - p->regulation_burden * nation->regulation);
    double drive = pow(effort, p->capability_effort_elasticity);
    lab->capability_next = lab->capability + speed(drive, lab, nation, w, p) * w->dt;
    lab->assurance_next = lab->assurance + w->dt * lift(lab->safety_work + spill(lab, nation, w, p), lab, p);
    Pair u = draw(w, i, ADVANCE);
    lab->luck = u.second;
    double odds = within(p->breakthrough_rate * drive, w->dt);
    lab->breakthrough = u.first < odds;
    if (lab->breakthrough) lab->capability_next += p->breakthrough_size;
    lab->assurance_next = smaller(lab->assurance_next, lab->capability_next);
    double surprise = lab->breakthrough_surprise = lab->breakthrough - odds;
    nation->control_breakthroughs += surprise;
    surprise *= w->left;
    nation->control_share += surprise * lab->market_share;
    nation->control_lead += surprise * larger(0, p->breakthrough_size - (w->best_capability - lab->capability));
    w->control_own_risk += surprise * (lab->hazard * lab->severity);
    w->control_risk += surprise * w->left * w->grave;
}

static void spread(Lab *labs, int L, Nation *nations, int N, World *w, const Parameters *p) {
    double kept = p->breakthrough_talent_drain * p->breakthrough_investment_boost, left = 1;
    w->breakthroughs = 0;
    for (int n = 0; n < N; n++) nations[n].breakthroughs = 0;
    for (int i = 0; i < L; i++) {
        w->breakthroughs += labs[i].breakthrough;
        nations[labs[i].nation].breakthroughs += labs[i].breakthrough;
    }
    for (int i = 0; i < L; i++) {
        double others = w->resources - labs[i].resources;
        labs[i].drain = left;
        if (labs[i].breakthrough && others > 0) left *= larger(0, 1 - kept * labs[i].resources / others);
    }
    left = 1;
    for (int i = L - 1; i >= 0; i--) {
        double others = w->resources - labs[i].resources;
        labs[i].drain *= left;
        if (labs[i].breakthrough && others > 0) left *= larger(0, 1 - kept * labs[i].resources / others);
    }
}

static void settle(Lab *lab, const Nation *nations, const World *w, const Parameters *p) {
    double wait = lab->delay + w->dt;
    lab->capability = lab->capability_next;
    lab->assurance = lab->assurance_next;
    lab->deployed = lab->capability - (lab->capability - lab->deployed) * lab->delay / wait;
    lab->tested += (findings(lab->delay, p) - lab->tested) * w->dt / wait;
    double boost = relax(lab->boost, 1, p->breakthrough_boost_decay, w->dt);
    if (w->breakthroughs) {
        if (lab->breakthrough) boost *= 1 + p->breakthrough_investment_boost;
        double answer = 1;
        for (int64_t b = nations[lab->nation].breakthroughs; b < w->breakthroughs; b++)
            answer *= 1 + p->breakthrough_rival_response;
        boost *= answer;
        boost *= lab->drain;
    }
    lab->boost = smaller(boost, p->breakthrough_boost_cap);
}

static inline double unassured(const Lab *lab) { return larger(0, lab->deployed - lab->assurance - lab->tested); }

static void market(Lab *labs, int L, const Nation *nations, World *w, const Parameters *p) {
    double reference = NEVER, total = 0;
    for (int i = 0; i < L; i++) {
        Lab *lab = labs + i;
        double seen = lab->exposed + (1 - lab->exposed) * seen_of(lab->deployed, nations + lab->nation, p);
        lab->quality = lab->deployed - p->market_safety_premium * seen * unassured(lab);
        reference = larger(reference, lab->quality);
    }
    for (int i = 0; i < L; i++) total += labs[i].pull = pull_of(labs[i].quality, reference, labs[i].trust, p);
    w->mean_trust = w->mean_alarm = 0;
    for (int i = 0; i < L; i++) {
        labs[i].market_share = labs[i].pull / total;
        w->mean_trust += labs[i].market_share * labs[i].trust;
        w->mean_alarm += labs[i].market_share * labs[i].alarm;
    }
    w->market_value = p->market_size * ten_to(p->market_growth * w->best_deployed) * w->mean_trust;
}

static void incidents(Lab *labs, int L, Nation *nations, World *w, const Parameters *p) {
    double loss = 0, left = w->left;
    w->mishaps_now = 0;
    for (int i = 0; i < L; i++) {
        Lab *lab = labs + i;
        double risk = ten_to(p->incidents_gap_sensitivity * unassured(lab)) - 1;
        lab->hazard = p->incidents_mishap_hazard * lab->market_share * risk * damping(risk, p);
        lab->severity = severity_of(lab->deployed, p);
        double mishap = within(lab->hazard, w->dt), grave = mishap * lab->severity;
        if (w->sampled) {
            lab->mishap = lab->luck < mishap;
            lab->catastrophe = lab->mishap && draw(w, i, SEVERITY).first < lab->severity;
        } else {
            mishap = grave < 1 ? mishap * (1 - lab->severity) / (1 - grave) : 0;
            lab->mishap = lab->luck < mishap;
            lab->catastrophe = grave;
        }
        lab->mishap_surprise = lab->mishap - mishap;
        nations[lab->nation].control_mishaps += lab->mishap_surprise;
        nations[lab->nation].control_mishap_years += lab->mishap_surprise * left;
        w->control_mishap_risk += lab->mishap_surprise * left * left * w->grave;
        loss += (1 - loss) * lab->catastrophe;
        w->mishaps_now += lab->mishap;
    }
    if (w->sampled && loss > 0) {
        w->mishaps_now = 0;
        for (int i = 0; i < L; i++) labs[i].mishap = 0;
    }
    w->survival_before = w->survival;
    w->catastrophe += w->survival * loss;
    w->discounted_catastrophe += w->survival * loss * w->discount;
    w->survival *= 1 - loss;
    if (w->survival <= 0) {
        w->alive = 0;
        w->ended_at = w->time;
    }
}

static void keep_time(Lab *labs, int L, Nation *nations, int N, World *w) {
    double years = w->survival_before * w->dt, hazard = 0, grave = 0, shares = 0;
    for (int n = 0; n < N; n++) {
        nations[n].regulation_time += years * nations[n].regulation;
        nations[n].behind_time += years * (w->best_capability - nations[n].best_capability);
        w->regulation_time += years * nations[n].regulation / N;
    }
    for (int i = 0; i < L; i++) {
        Lab *lab = labs + i;
        hazard += lab->hazard;
        grave += lab->hazard * lab->severity;
        shares += lab->share;
        lab->share_time += years * lab->share;
        lab->delay_time += years * lab->delay;
        lab->alarm_time += years * lab->alarm;
        lab->market_share_time += years * lab->market_share;
        lab->mishaps += w->survival * lab->mishap;
        nations[lab->nation].mishaps += w->survival * lab->mishap;
    }
    w->time_alive += years;
    w->hazard_time += years * hazard;
    w->grave = grave;
    w->catastrophe_hazard_time += years * grave;
    w->share_time += years * shares / L;
    w->leader_share_time += years * labs[w->leader].share;
    w->trust_time += years * w->mean_trust;
    w->treaty_time += years * w->treaty_in_force;
    w->mishaps += w->survival * w->mishaps_now;
    w->breakthroughs_total += w->survival * w->breakthroughs;
}

static void aftermath(Lab *labs, int L, Nation *nations, int N, World *w, const Parameters *p) {
    double rest = smaller(1, 1 - p->alarm_unease * (w->mean_alarm - p->alarm_start));
    for (int i = 0; i < L; i++) {
        Lab *lab = labs + i;
        double revenue = w->market_value * lab->market_share;
        double damages = p->lab_liability * revenue, today = w->survival * w->discount;
        double earned = revenue * w->dt - damages * lab->mishap;
        lab->profit += earned;
        lab->payoff += earned * today;
        nations[lab->nation].payoff += earned * today;
        if (!w->sampled) nations[lab->nation].control_damages += lab->mishap_surprise * damages * today;
        for (int64_t m = lab->mishap; m < w->mishaps_now; m++) lab->trust *= 1 - p->trust_commons_share * p->trust_mishap_loss;
        if (lab->mishap) lab->trust *= 1 - p->trust_mishap_loss;
        lab->trust = relax(lab->trust, rest, p->trust_recovery, w->dt);
        for (int64_t m = 0; m < w->mishaps_now; m++) lab->alarm += p->alarm_jolt * (1 - lab->alarm);
        double warranted = 1 - ten_to(-p->alarm_sensitivity * (lab->capability - lab->assurance));
        lab->alarm = relax(lab->alarm, warranted, p->alarm_rate, w->dt);
    }
    for (int n = 0; n < N; n++) {
        double level = nations[n].regulation;
        for (int i = 0; w->mishaps_now && i < L; i++) {
            double odds = labs[i].nation == n ? p->regulation_home_probability : p->regulation_abroad_probability;
            if (labs[i].mishap && draw(w, (int64_t)i * N + n, REGULATE).first < odds)
                level += p->regulation_step * (1 - level);
        }
        nations[n].regulation = relax(level, 0, p->regulation_decay, w->dt);
    }
    if (!w->finished && w->best_capability >= p->prize_threshold) {
        double prize = w->survival * w->discount * p->prize_prize;
        int tied = 0;
        w->finished = 1;
        w->finish_time = w->time;
        w->finish_survival = w->survival;
        for (int i = 0; i < L; i++) tied += labs[i].capability == w->best_capability;
        for (int i = 0; i < L; i++) {
            if (labs[i].capability != w->best_capability) continue;
            nations[labs[i].nation].wins += w->survival / tied;
            nations[labs[i].nation].payoff += prize * p->prize_enmity / tied;
        }
        for (int n = 0; n < N; n++) nations[n].payoff += prize * (1 - p->prize_enmity);
    }
    int suspected = 0;
    for (int n = 0; n < N; n++) {
        Nation *nation = nations + n;
        nation->suspicion = 0;
        if (!w->treaty_in_force || !nation->signs) continue;
        Pair u = draw(w, n, MONITOR);
        double spread = p->cooperation_detection_max - p->cooperation_detection_min;
        double yearly = p->cooperation_detection_min + spread * p->cooperation_verification;
        yearly = clip(yearly + p->alarm_whistle * nation->alarm, 0, 1);
        if (nation->honours) {
            if (u.second < 1 - pow(1 - p->cooperation_false_alarm, w->dt)) nation->suspicion = 2;
        } else if (u.first < 1 - pow(1 - yearly, w->dt)) {
            nation->suspicion = 1;
            nation->payoff -= w->survival * w->discount * p->cooperation_penalty;
        }
        suspected += nation->suspicion;
    }
    if (suspected) {
        w->suspended_until = w->period + 1 + (int64_t)rint(p->cooperation_suspension_years / w->dt);
        w->suspensions += w->survival;
    }
}

static void period(Lab *labs, int L, Nation *nations, int N, World *w, const Parameters *p) {
    w->time = (w->period + 1) * w->dt;
    w->left = 1 - (double)w->period / w->periods;
    w->discount = exp(-p->nation_discount_rate * w->time);
    open_treaty(nations, N, w, p);
    for (int i = 0; i < L; i++) open_lab(labs + i, nations, p);
    survey_safety(labs, L, nations, N, w);
    survey_capability(labs, L, nations, N, w);
    if (w->period % w->periods_per_decision == 0) {
        int plans = 0;
        for (int i = 0; i < L; i++) plans |= labs[i].rule == BEST_RESPONSE;
        if (plans) foresee(labs, L, nations, w, p);
        if (plans) form_outlook(labs, L, nations, N, w, p);
        for (int i = 0; i < L; i++)
            labs[i].step = labs[i].rule == BEST_RESPONSE ? best_response(labs + i, i, nations, w, p) : labs[i].chosen;
        for (int i = 0; i < L; i++) {
            labs[i].chosen = labs[i].step;
            labs[i].profit = 0;
            labs[i].delay_chosen = labs[i].delay_step;
            w->decisions += w->survival;
            use_share(labs + i, nations);
        }
        survey_safety(labs, L, nations, N, w);
    }
    for (int i = 0; i < L; i++) advance(labs + i, i, nations, w, p);
    spread(labs, L, nations, N, w, p);
    for (int i = 0; i < L; i++) settle(labs + i, nations, w, p);
    survey_capability(labs, L, nations, N, w);
    market(labs, L, nations, w, p);
    incidents(labs, L, nations, w, p);
    keep_time(labs, L, nations, N, w);
    if (w->alive) aftermath(labs, L, nations, N, w, p);
    for (int n = 0; n < N; n++) {
        double lead = N > 1 ? larger(0, nations[n].best_capability - nations[n].rival_best) : 0;
        double lost = (w->survival_before - w->survival) * nations[n].catastrophe_cost;
        nations[n].payoff += (w->survival * p->nation_rivalry * lead * w->dt - lost) * w->discount;
    }
    w->period += 1;
}

void race(int64_t runs, int64_t L, int64_t N, Lab *labs, Nation *nations, World *worlds, const Parameters *parameters) {
    for (int64_t r = 0; r < runs; r++)
        while (worlds[r].alive && worlds[r].period < worlds[r].periods)
            period(labs + r * L, (int)L, nations + r * N, (int)N, worlds + r, parameters + r);
}
