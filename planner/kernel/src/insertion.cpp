#include "insertion.hpp"

#include <algorithm>
#include <cmath>

namespace gancang {

namespace {

constexpr std::int32_t kSpread = -2;          // a seat of a job of many calls
constexpr std::int64_t kSpreadTriesMax = 4000;  // sequences timed for one job in one route

}  // namespace

Seats Inserter::seats(const Route& route, int number, double below) {
    const Job& job = problem_.jobs[number];
    const Vehicle& vehicle = problem_.vehicles[route.vehicle];
    seats_ = Seats{};
    if (vehicle.is_closed || route.jobs + 1 > vehicle.max_jobs ||
        route.size() + job.calls() > vehicle.max_stops)
        return seats_;
    table_ = problem_.legs(route.vehicle);
    capacity_ = problem_.capacity_of(route.vehicle);
    exact_ = route.exact && !problem_.weighs_time() && !job.is_timed();
    for (int k = 0; k < job.calls(); ++k) exact_ &= problem_.calls[job.first_call + k].windows == 1;
    fixed_ = fixed_part(route, job);
    prunes_ = exact_ && problem_.is_metric() && weights_.of(kDistance) > 0;
    below_ = below;
    candidates_.clear();
    if (job.shape == Shape::Pair) pairs(route, job);
    if (job.shape == Shape::Single) singles(route, job);
    if (job.shape == Shape::Many) many(route, job);
    if (!exact_) decide(route, job);
    return seats_;
}

void Inserter::lay(const Route& route, int number, const Seat& seat, std::vector<std::int32_t>& calls) {
    const Job& job = problem_.jobs[number];
    if (seat.i == kSpread) {
        Seats again = seats(route, number, kTooDear);
        static_cast<void>(again);
        calls = best_spread_;
    } else {
        with_seat(route, job, seat.i, seat.j, calls);
    }
}

void Inserter::with_seat(const Route& route, const Job& job, int i, int j,
                         std::vector<std::int32_t>& calls) const {
    calls.clear();
    calls.insert(calls.end(), route.calls.begin(), route.calls.begin() + i);
    calls.push_back(job.first_call);
    if (job.shape == Shape::Pair) {
        calls.insert(calls.end(), route.calls.begin() + i, route.calls.begin() + j);
        calls.push_back(job.first_call + 1);
        calls.insert(calls.end(), route.calls.begin() + j, route.calls.end());
    } else {
        calls.insert(calls.end(), route.calls.begin() + i, route.calls.end());
    }
}

// What the job adds wherever it goes in the route.
double Inserter::fixed_part(const Route& route, const Job& job) const {
    double added = 0;
    if (route.empty()) {
        added += weights_.of(kVehicles);
        added += weights_.of(kMoney) * static_cast<double>(problem_.vehicles[route.vehicle].fixed_cost);
    }
    if (job.running != kNone && job.running != route.vehicle) added += weights_.of(kChanges);
    return added;
}

bool Inserter::fits(const std::int64_t* load, const Job& job, const std::int64_t* capacity) const {
    const std::int64_t* more = problem_.load_of(job.first_call);
    for (int d = 0; d < problem_.dims; ++d)
        if (load[d] + more[d] > capacity[d]) return false;
    return true;
}

void Inserter::singles(const Route& route, const Job& job) {
    const Call& call = problem_.calls[job.first_call];
    const Mark* marks = route.marks.data();
    const Leg *from = problem_.from(route.vehicle, call.place), *to = problem_.to(route.vehicle, call.place);
    int dims = problem_.dims, n = route.size();
    const std::int64_t* start = problem_.start_load_of(static_cast<int>(&job - problem_.jobs.data()));
    for (int i = 0; i <= n && marks[i].free <= call.closes; ++i) {
        if (call.delivery) {  // brought from the start: on board at every mark before
            bool full = false;
            for (int d = 0; d < dims; ++d) full |= route.peak_before[i * dims + d] + start[d] > capacity_[d];
            if (full) break;
        } else if (!fits(route.peak_after.data() + i * dims, job, capacity_)) {
            continue;
        }
        const Leg& in = to[marks[i].place];
        const Leg& out = from[marks[i + 1].place];
        if (in.seconds == kNoRoad || out.seconds == kNoRoad) continue;
        Time begun = call.windows == 1 ? std::max(marks[i].free + in.seconds, call.opens)
                                       : next_start(problem_.windows_of(call), marks[i].free + in.seconds);
        if (begun > call.closes || begun + call.service + out.seconds > marks[i + 1].latest) continue;
        const Leg& old = marks[i + 1].leg;
        std::int64_t metres = std::int64_t{in.metres} + out.metres - old.metres;
        std::int64_t seconds = std::int64_t{in.seconds} + out.seconds - old.seconds;
        Earliest earliest = call.delivery ? Earliest{0, begun} : Earliest{begun, 0};
        consider({bound(route, job, metres, seconds, earliest), i, i});
    }
}

// Whether a detour of so many metres at least can no longer be among the two cheapest.
bool Inserter::is_too_dear(std::int64_t metres) const {
    double least = fixed_ + weights_.of(kDistance) * static_cast<double>(metres);
    return least >= std::min(below_, seats_.second.added);
}

// The shortest detour to the delivery between any two calls of the route, in metres.
std::int64_t Inserter::least_detour(const Route& route, const Ways& ways) const {
    const Mark* marks = route.marks.data();
    std::int64_t least = kNever;
    for (int j = 0; j <= route.size(); ++j) {
        std::int64_t metres = std::int64_t{ways.to_delivery[marks[j].place].metres} +
                              ways.from_delivery[marks[j + 1].place].metres - marks[j + 1].leg.metres;
        least = std::min(least, metres);
    }
    return least;
}

void Inserter::pairs(const Route& route, const Job& job) {
    const Call& pickup = problem_.calls[job.first_call];
    const Call& delivery = problem_.calls[job.first_call + 1];
    const Mark* marks = route.marks.data();
    int n = route.size(), v = route.vehicle;
    Ways ways{problem_.from(v, pickup.place), problem_.to(v, pickup.place),
              problem_.from(v, delivery.place), problem_.to(v, delivery.place)};
    std::int64_t behind = prunes_ ? least_detour(route, ways) : 0;
    std::int64_t direct = ways.from_pickup[delivery.place].metres;
    for (int i = 0; i <= n && marks[i].free <= pickup.closes; ++i) {
        const Leg& in = ways.to_pickup[marks[i].place];
        const Mark& next = marks[i + 1];
        bool adjacent_only = false;
        if (prunes_) {
            std::int64_t metres = std::int64_t{in.metres} - next.leg.metres;
            adjacent_only = is_too_dear(metres + ways.from_pickup[next.place].metres + behind);
            if (adjacent_only && is_too_dear(metres + direct + ways.from_delivery[next.place].metres)) continue;
        }
        if (in.seconds == kNoRoad || !fits(route.loads.data() + i * problem_.dims, job, capacity_)) continue;
        Time arrival = marks[i].free + in.seconds;
        Time picked = pickup.windows == 1 ? std::max(arrival, pickup.opens)
                                          : next_start(problem_.windows_of(pickup), arrival);
        if (picked <= pickup.closes) deliveries(route, job, i, picked, ways, adjacent_only);
    }
}

// All places for the delivery, or only the next, after a pickup before call `i` that starts at
// `picked`.
void Inserter::deliveries(const Route& route, const Job& job, int i, Time picked, const Ways& ways,
                          bool adjacent_only) {
    const Call& pickup = problem_.calls[job.first_call];
    const Call& delivery = problem_.calls[job.first_call + 1];
    const Mark* marks = route.marks.data();
    int n = route.size(), at = pickup.place;
    Time free = picked + pickup.service;
    Leg start = ways.to_pickup[marks[i].place];
    std::int64_t metres = std::int64_t{start.metres} - marks[i + 1].leg.metres;
    std::int64_t seconds = std::int64_t{start.seconds} - marks[i + 1].leg.seconds;
    for (int j = i; free <= delivery.closes; ++j) {
        const Mark& next = marks[j + 1];
        const Leg& in = ways.to_delivery[at];
        Time begun = free + in.seconds;
        if (delivery.windows == 1) begun = std::max(begun, delivery.opens);
        else begun = next_start(problem_.windows_of(delivery), begun);
        if (in.seconds != kNoRoad && begun <= delivery.closes) {
            const Leg& out = ways.from_delivery[next.place];
            if (out.seconds != kNoRoad && begun + delivery.service + out.seconds <= next.latest) {
                Leg old = j > i ? next.leg : Leg{0, 0};
                double least = bound(route, job, metres + in.metres + out.metres - old.metres,
                                     seconds + in.seconds + out.seconds - old.seconds, {picked, begun});
                consider({least, i, j});
            }
        }
        if (j == n || adjacent_only || !fits(route.loads.data() + (j + 1) * problem_.dims, job, capacity_)) return;
        const Leg& on = j == i ? ways.from_pickup[next.place] : next.leg;
        if (on.seconds == kNoRoad) return;
        Time passed = std::max(free + on.seconds, next.opens);
        if (passed > next.latest) return;
        if (j == i) metres += on.metres, seconds += on.seconds;  // from the pickup back to the route
        free = passed + next.service, at = next.place;
    }
}

// The least that a job adds by such a detour. Exact where nothing but the way is weighed.
double Inserter::bound(const Route& route, const Job& job, std::int64_t metres, std::int64_t seconds,
                       const Earliest& earliest) const {
    const auto& old = route.schedule.parts.of;
    const Vehicle& vehicle = problem_.vehicles[route.vehicle];
    if (old[kDistance] + metres > vehicle.max_distance) return kTooDear;
    if (problem_.weighs_time() && !problem_.is_metric()) return -kTooDear;
    double added = fixed_ + weights_.of(kDistance) * static_cast<double>(metres);
    Time service = 0;
    if (problem_.weighs_time()) {
        for (int k = 0; k < job.calls(); ++k) service += problem_.calls[job.first_call + k].service;
        const Call& first = problem_.calls[job.first_call];
        const Call& last = problem_.calls[job.first_call + job.calls() - 1];
        if (!first.delivery && earliest.pickup > first.due)
            added += weights_.of(kWait) * static_cast<double>(earliest.pickup - first.due);
        if (last.delivery && earliest.delivery > last.due)
            added += weights_.of(kLateness) * static_cast<double>(earliest.delivery - last.due);
    }
    // Waiting in the route, and setups that a new neighbour may spare, can swallow the detour.
    Time longer = seconds + service - route.idle() - route.schedule.setups;
    Time duration = old[kDuration] + longer;
    added += weights_.of(kDuration) * static_cast<double>(longer);
    if (weights_.of(kImbalance) > 0) {
        double worked = static_cast<double>(vehicle.worked), all = worked + static_cast<double>(duration);
        double least = (all * all - worked * worked) / 3600 - 1;
        added += weights_.of(kImbalance) * (least - static_cast<double>(old[kImbalance]));
    }
    if (weights_.of(kMoney) > 0) {
        // Parts of a unit are dropped route by route: less than two in all.
        double money = static_cast<double>(vehicle.cost_per_km) * static_cast<double>(metres) / 1000 +
                       static_cast<double>(vehicle.cost_per_hour) * static_cast<double>(longer) / 3600;
        added += weights_.of(kMoney) * (exact_ ? std::round(money) : money - 2);
    }
    return added;
}

inline void Inserter::consider(const Candidate& candidate) {
    if (candidate.bound >= below_) return;
    if (exact_)
        seats_.offer({candidate.bound, candidate.i, candidate.j});
    else
        candidates_.push_back(candidate);
}

// Times the candidates in full, the most promising first.
void Inserter::decide(const Route& route, const Job& job) {
    std::ranges::sort(candidates_, [](const Candidate& a, const Candidate& b) {
        if (a.bound != b.bound) return a.bound < b.bound;
        return a.i != b.i ? a.i < b.i : a.j < b.j;
    });
    for (const Candidate& candidate : candidates_) {
        if (candidate.bound >= seats_.second.added) break;
        with_seat(route, job, candidate.i, candidate.j, scratch_);
        seats_.offer({timed_added(route, scratch_), candidate.i, candidate.j});
    }
}

double Inserter::timed_added(const Route& route, std::span<const std::int32_t> calls) {
    Schedule schedule;
    if (!keeper_.timer().time(route.vehicle, calls, schedule)) return kTooDear;
    return weights_.score(schedule.parts) - route.score;
}

// Jobs of several pickups or deliveries: all sequences, depth first, as long as there are not
// too many; pickups before deliveries.
void Inserter::many(const Route& route, const Job& job) {
    waiting_.clear();
    for (int k = 0; k < job.calls(); ++k) waiting_.push_back(job.first_call + k);
    spread_calls_.clear();
    spread_tries_ = 0;
    laid_ = 0;
    exact_ = true;  // what is found here is timed already
    spread(route, job, 0, route.marks[0].free, route.marks[0].place);
}

void Inserter::spread(const Route& route, const Job& job, int at, Time free, int place) {
    if (laid_ == job.calls()) {
        const Mark& next = route.marks[at + 1];
        const Leg& home = problem_.leg(table_, place, next.place);
        if (home.seconds == kNoRoad || free + home.seconds > next.latest) return;
        std::size_t kept = spread_calls_.size();
        spread_calls_.insert(spread_calls_.end(), route.calls.begin() + at, route.calls.end());
        ++spread_tries_;
        if (keeper_.carries(route.vehicle, spread_calls_)) {
            double added = timed_added(route, spread_calls_);
            if (added < seats_.best.added) {
                best_spread_ = spread_calls_;
                seats_.best = {added, kSpread, kSpread};
            }
        }
        spread_calls_.resize(kept);
        return;
    }
    if (spread_tries_ > kSpreadTriesMax) return;
    bool pickups_wait = laid_ < job.pickups;
    for (std::int32_t& slot : waiting_) {
        if (slot == kNone || problem_.calls[slot].delivery == pickups_wait) continue;
        const Call& call = problem_.calls[slot];
        const Leg& in = problem_.leg(table_, place, call.place);
        if (in.seconds == kNoRoad) continue;
        Time begun = next_start(problem_.windows_of(call), free + in.seconds);
        if (begun == kNever) continue;
        std::int32_t number = slot;
        slot = kNone;
        spread_calls_.push_back(number);
        ++laid_;
        spread(route, job, at, begun + call.service, call.place);
        --laid_;
        spread_calls_.pop_back();
        slot = number;
    }
    if (at == route.size()) return;
    const Mark& next = route.marks[at + 1];
    const Leg& on = problem_.leg(table_, place, next.place);
    if (on.seconds == kNoRoad) return;
    Time passed = std::max(free + on.seconds, next.opens);
    if (passed > next.latest) return;
    spread_calls_.push_back(route.calls[at]);
    spread(route, job, at + 1, passed + next.service, next.place);
    spread_calls_.pop_back();
}

}  // namespace gancang
