#include "route.hpp"

#include <algorithm>
#include <cstdlib>

namespace gancang {

void Weights::scale_to(const Parts& typical) {
    std::fill(of_, of_ + kParts, 0.0);
    double factor = 1;
    for (auto level = problem_.levels.rbegin(); level != problem_.levels.rend(); ++level) {
        double total = 0;
        for (int p = 0; p < kParts; ++p) {
            double weight = static_cast<double>((*level)[p]);
            if (weight != 0) of_[p] = factor * weight;
            total += weight * static_cast<double>(std::abs(typical.of[p]));
        }
        factor *= 2 * total + 1;
        factor = std::min(factor, 1e15);  // beyond it doubles no longer tell single units apart
    }
}

bool Weights::is_better(const Parts& a, const Parts& b) const {
    for (const Level& level : problem_.levels) {
        __int128 sum_a = 0, sum_b = 0;
        for (int p = 0; p < kParts; ++p) {
            sum_a += static_cast<__int128>(level[p]) * a.of[p];
            sum_b += static_cast<__int128>(level[p]) * b.of[p];
        }
        if (sum_a != sum_b) return sum_a < sum_b;
    }
    return false;
}

bool RouteKeeper::settle(Route& route) {
    route.version = ++versions_;
    route.jobs = 0;
    route.exact = problem_.vehicles[route.vehicle].plain;
    for (std::int32_t number : route.calls) {
        const Call& call = problem_.calls[number];
        const Job& job = problem_.jobs[call.job];
        route.jobs += number == job.first_call + job.calls() - 1;
        route.exact &= call.plain;
    }
    bool drivable = route.exact && !route.empty() ? settle_plain(route) : settle_any(route);
    bool fits = load(route.vehicle, route.calls, route.loads);
    if (problem_.has_singles()) peak(route);
    return drivable && fits;
}

bool RouteKeeper::settle_any(Route& route) {
    if (!timer_.time(route.vehicle, route.calls, route.schedule)) return false;
    route.score = weights_.score(route.schedule.parts);
    mark(route);
    mark_latest(route);
    return true;
}

// The same in one go where marks tell all: what Timer would find.
bool RouteKeeper::settle_plain(Route& route) const {
    if (!drive_plain(route)) return false;
    route.score = weights_.score(route.schedule.parts);
    mark_latest(route);
    return true;
}

bool RouteKeeper::drive_plain(Route& route) const {
    const Vehicle& vehicle = problem_.vehicles[route.vehicle];
    std::size_t n = route.calls.size();
    route.marks.resize(n + 2);
    Mark* marks = route.marks.data();
    Schedule& schedule = route.schedule;
    schedule = Schedule{};
    std::int64_t metres = 0;
    marks[0] = {vehicle.ready, vehicle.ready, vehicle.closes, 0, {0, 0}, vehicle.start};
    auto& of = schedule.parts.of;
    for (std::size_t k = 0; k < n; ++k) {
        const Call& call = problem_.calls[route.calls[k]];
        Leg leg = problem_.from(route.vehicle, marks[k].place)[call.place];
        Time start = std::max(marks[k].free + leg.seconds, call.opens);
        if (start > call.closes || leg.seconds == kNoRoad) return false;
        marks[k + 1] = {start + call.service, call.opens, 0, call.service, leg, call.place};
        if (k == 0) schedule.departs = start - leg.seconds;
        schedule.driven += leg.seconds, schedule.served += call.service, metres += leg.metres;
        Time over = start - call.due;
        if (over > 0) of[call.delivery ? kLateness : kWait] += over;
    }
    Leg home = problem_.from(route.vehicle, marks[n].place)[vehicle.end];
    schedule.ends = marks[n].free + home.seconds;
    schedule.driven += home.seconds, metres += home.metres;
    if (home.seconds == kNoRoad || schedule.ends > vehicle.closes || metres > vehicle.max_distance) return false;
    marks[n + 1] = {0, 0, vehicle.closes, 0, home, vehicle.end};
    fill_parts(vehicle, metres, schedule.ends - schedule.departs, schedule.parts);
    if (problem_.has_running())
        of[kChanges] = count_changes(problem_, route.vehicle, route.calls);
    return true;
}

void RouteKeeper::mark(Route& route) const {
    const Vehicle& vehicle = problem_.vehicles[route.vehicle];
    const Leg* table = problem_.legs(route.vehicle);
    std::size_t n = route.calls.size();
    route.marks.resize(n + 2);
    Mark* marks = route.marks.data();
    marks[0] = {vehicle.ready, vehicle.ready, vehicle.closes, 0, {0, 0}, vehicle.start};
    for (std::size_t k = 0; k < n; ++k) {
        const Call& call = problem_.calls[route.calls[k]];
        const Leg& leg = problem_.leg(table, marks[k].place, call.place);
        Time arrival = marks[k].free + leg.seconds;
        Time start = call.windows == 1 ? std::max(arrival, call.opens)
                                       : next_start(problem_.windows_of(call), arrival);
        marks[k + 1] = {start + call.service, call.opens, 0, call.service, leg, call.place};
    }
    Leg home = n == 0 ? Leg{0, 0} : problem_.leg(table, marks[n].place, vehicle.end);
    marks[n + 1] = {0, 0, vehicle.closes, 0, home, vehicle.end};
}

void RouteKeeper::mark_latest(Route& route) const {
    Mark* marks = route.marks.data();
    for (std::size_t k = route.calls.size(); k > 0; --k) {
        const Call& call = problem_.calls[route.calls[k - 1]];
        Time leave = marks[k + 1].latest - marks[k + 1].leg.seconds;
        Time deadline = leave - call.service;
        marks[k].latest = call.windows == 1 ? std::min(call.closes, deadline)
                                            : last_start(problem_.windows_of(call), deadline);
    }
}

bool RouteKeeper::carries(int vehicle, std::span<const std::int32_t> calls) {
    return load(vehicle, calls, loads_);
}

// Loads at the start and after each call; false if they exceed the capacity anywhere.
bool RouteKeeper::load(int vehicle, std::span<const std::int32_t> calls,
                       std::vector<std::int64_t>& loads) const {
    std::size_t dims = problem_.dims;
    loads.assign((calls.size() + 1) * dims, 0);
    std::copy_n(problem_.held_load_of(vehicle), dims, loads.begin());
    for (std::int32_t number : calls) {
        const Call& call = problem_.calls[number];
        const Job& job = problem_.jobs[call.job];
        if (number != job.first_call + job.calls() - 1) continue;  // once a job
        const std::int64_t* start = problem_.start_load_of(call.job);
        for (std::size_t d = 0; d < dims; ++d) loads[d] += start[d];
    }
    const std::int64_t* capacity = problem_.capacity_of(vehicle);
    bool fits = true;
    for (std::size_t d = 0; d < dims; ++d) fits &= loads[d] <= capacity[d];
    for (std::size_t k = 0; k < calls.size(); ++k) {
        const std::int64_t* change = problem_.load_of(calls[k]);
        for (std::size_t d = 0; d < dims; ++d) {
            loads[(k + 1) * dims + d] = loads[k * dims + d] + change[d];
            fits &= loads[(k + 1) * dims + d] <= capacity[d];
        }
    }
    return fits;
}

void RouteKeeper::peak(Route& route) const {
    std::size_t dims = problem_.dims, size = route.loads.size();
    route.peak_before.assign(route.loads.begin(), route.loads.end());
    route.peak_after.assign(route.loads.begin(), route.loads.end());
    for (std::size_t at = dims; at < size; ++at)
        route.peak_before[at] = std::max(route.peak_before[at], route.peak_before[at - dims]);
    for (std::size_t at = size - dims; at-- > 0;)
        route.peak_after[at] = std::max(route.peak_after[at], route.peak_after[at + dims]);
}

}  // namespace gancang
