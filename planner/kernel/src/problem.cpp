#include "problem.hpp"

#include <algorithm>

#include "random.hpp"

namespace gancang {

void Problem::finish() {
    settle_travel();
    settle_calls();
    settle_types();
    settle_policy();
    settle_metric();
}

void Problem::settle_travel() {
    std::size_t wide = stride();
    for (const auto& table : travel) {
        auto at = [&](std::size_t a, std::size_t b) { return table[a * wide + b]; };
        bool symmetric = true;
        for (std::size_t a = 0; a < wide && symmetric; ++a)
            for (std::size_t b = 0; b < a && symmetric; ++b)
                symmetric = at(a, b).seconds == at(b, a).seconds && at(a, b).metres == at(b, a).metres;
        auto& turned = travel_to.emplace_back();
        if (symmetric) continue;
        turned.resize(table.size());
        for (std::size_t a = 0; a < wide; ++a)
            for (std::size_t b = 0; b < wide; ++b) turned[b * wide + a] = at(a, b);
    }
}

void Problem::settle_calls() {
    for (Call& call : calls) {
        auto open = windows_of(call);
        // A call whose release cut all its windows away can never start.
        call.opens = open.empty() ? kNever : open.front().opens;
        call.closes = open.empty() ? kNone : open.back().closes;
        has_setup_ |= call.setup > 0;
        call.plain = call.windows == 1 && call.setup == 0 && !jobs[call.job].is_timed();
    }
    for (Job& job : jobs) {
        job.shape = job.calls() == 1                               ? Shape::Single
                    : (job.pickups == 1 && job.deliveries == 1) ? Shape::Pair
                                                                   : Shape::Many;
        has_singles_ |= job.shape == Shape::Single;
        has_running_ |= job.running != kNone;
    }
}

void Problem::settle_types() {
    auto alike = [&](int a, int b) {
        const Vehicle &v = vehicles[a], &w = vehicles[b];
        bool same = v.start == w.start && v.end == w.end && v.travel == w.travel &&
                    v.fleet == w.fleet && v.ready == w.ready && v.closes == w.closes &&
                    v.max_jobs == w.max_jobs && v.max_stops == w.max_stops &&
                    v.max_distance == w.max_distance && v.max_work == w.max_work &&
                    v.fixed_cost == w.fixed_cost && v.cost_per_km == w.cost_per_km &&
                    v.cost_per_hour == w.cost_per_hour && v.worked == w.worked &&
                    v.breaks.empty() && w.breaks.empty() && !v.holds && !w.holds;
        if (!same || !std::equal(capacity_of(a), capacity_of(a) + dims, capacity_of(b))) return false;
        for (int job = 0; job < static_cast<int>(jobs.size()); ++job) {
            if (is_eligible(job, a) != is_eligible(job, b)) return false;
            int running = jobs[job].running;
            if (running == a || running == b) return false;
        }
        return true;
    };
    for (Vehicle& vehicle : vehicles) {
        vehicle.holds = false;
        vehicle.plain = vehicle.breaks.empty() && vehicle.max_work == kNever;
    }
    for (const Job& job : jobs)
        if (job.holder != kNone) vehicles[job.holder].holds = true;
    std::vector<int> first_of;  // a type: its first vehicle
    for (int v = 0; v < static_cast<int>(vehicles.size()); ++v) {
        // Only the types seen last are tried: alike vehicles mostly stand side by side.
        std::size_t since = first_of.size() > 32 ? first_of.size() - 32 : 0;
        vehicles[v].type = kNone;
        for (std::size_t type = since; type < first_of.size(); ++type)
            if (alike(first_of[type], v)) {
                vehicles[v].type = static_cast<int>(type);
                break;
            }
        if (vehicles[v].type == kNone) {
            vehicles[v].type = static_cast<int>(first_of.size());
            first_of.push_back(v);
        }
    }
}

void Problem::settle_policy() {
    for (const Level& level : levels)
        for (int part = 0; part < kParts; ++part) weighs_[part] |= level[part] != 0;
    bool paid_by_time = weighs_[kMoney] && std::ranges::any_of(vehicles, [](const Vehicle& v) {
                            return v.cost_per_hour > 0;
                        });
    weighs_time_ = weighs_[kLateness] || weighs_[kWait] || weighs_[kDuration] ||
                   weighs_[kImbalance] || paid_by_time;
}

void Problem::settle_metric() {
    Random random(20);
    for (const auto& table : travel) {
        if (places < 3) continue;
        for (int tried = 0; tried < 4000 && is_metric_; ++tried) {
            int a = random.below(places), b = random.below(places), c = random.below(places);
            const Leg &whole = leg(table.data(), a, c), &one = leg(table.data(), a, b),
                      &two = leg(table.data(), b, c);
            // Rounding may shorten a detour by a hair.
            auto longer = [](std::int64_t way, std::int64_t detour) { return way > detour + 2; };
            is_metric_ = !longer(whole.metres, std::int64_t{one.metres} + two.metres) &&
                         !longer(whole.seconds, std::int64_t{one.seconds} + two.seconds);
        }
    }
}

Time Problem::max_onboard(const Job& job, const Vehicle& vehicle) const {
    if (job.max_detour_percent == kNone) return job.max_onboard;
    const Leg* table = travel[vehicle.travel].data();
    const Leg& direct = leg(table, calls[job.first_call].place, calls[job.first_call + 1].place);
    if (direct.seconds == kNoRoad) return job.max_onboard;
    return std::min(job.max_onboard, Time{direct.seconds} * job.max_detour_percent / 100);
}

}  // namespace gancang
