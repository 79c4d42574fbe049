#include "solution.hpp"

#include <algorithm>
#include <utility>

namespace gancang {

Solution::Solution(const Problem& problem, const Weights& weights)
    : problem_(problem),
      weights_(weights),
      keeper_(problem, weights),
      inserter_(problem, weights, keeper_),
      routes_(problem.vehicles.size()),
      vehicle_of_(problem.jobs.size(), kNone),
      absent_at_(problem.jobs.size(), kNone),
      used_at_(problem.vehicles.size(), kNone),
      fleet_jobs_(problem.shares.size(), 0),
      is_saved_(problem.vehicles.size(), 0) {
    for (std::size_t v = 0; v < routes_.size(); ++v) {
        std::size_t type = problem.vehicles[v].type;
        if (of_type_.size() <= type) of_type_.resize(type + 1);
        of_type_[type].push_back(static_cast<int>(v));
    }
}

bool Solution::start(const std::vector<std::vector<std::int32_t>>& calls) {
    parts_ = Parts{};
    absent_.clear(), used_.clear();
    std::ranges::fill(vehicle_of_, kNone);
    std::ranges::fill(absent_at_, kNone);
    std::ranges::fill(used_at_, kNone);
    for (std::size_t v = 0; v < routes_.size(); ++v) {
        Route& route = routes_[v];
        route.vehicle = static_cast<int>(v);
        route.calls = calls[v];
        if (!keeper_.settle(route) && !problem_.vehicles[v].is_closed) return false;
        parts_ += route.schedule.parts;
        for (std::int32_t call : route.calls) vehicle_of_[problem_.calls[call].job] = route.vehicle;
        if (!route.empty()) {
            used_at_[v] = static_cast<int>(used_.size());
            used_.push_back(route.vehicle);
        }
    }
    for (std::size_t job = 0; job < problem_.jobs.size(); ++job) {
        // What a vehicle holds is never left out: it is among its calls, unless the vehicle is
        // closed, or nothing is left to do for it.
        if (vehicle_of_[job] == kNone) vehicle_of_[job] = problem_.jobs[job].holder;
        if (vehicle_of_[job] == kNone) set_absent(static_cast<int>(job));
    }
    count_shares();
    begin();
    return true;
}

void Solution::count_shares() {
    std::ranges::fill(fleet_jobs_, 0);
    served_ = 0;
    for (int vehicle : vehicle_of_) {
        if (vehicle == kNone) continue;
        ++served_;
        int fleet = problem_.vehicles[vehicle].fleet;
        if (fleet != kNone) ++fleet_jobs_[fleet];
    }
    parts_.of[kOffShare] = off_share();
}

std::int64_t Solution::off_share() const {
    std::int64_t all = served_, off = 0;
    for (const Share& share : problem_.shares) all += share.already;
    for (std::size_t f = 0; f < fleet_jobs_.size(); ++f) {
        const Share& share = problem_.shares[f];
        std::int64_t jobs = fleet_jobs_[f] + share.already;
        std::int64_t most = share.most * all / 100, least = (share.least * all + 99) / 100;
        off += std::max<std::int64_t>(0, jobs - most) + std::max<std::int64_t>(0, least - jobs);
    }
    return off;
}

double Solution::share_added(int vehicle) const {
    if (problem_.shares.empty()) return 0;
    auto& self = const_cast<Solution&>(*this);  // counted up and down again
    int fleet = problem_.vehicles[vehicle].fleet;
    ++self.served_;
    if (fleet != kNone) ++self.fleet_jobs_[fleet];
    std::int64_t off = off_share();
    --self.served_;
    if (fleet != kNone) --self.fleet_jobs_[fleet];
    return weights_.of(kOffShare) * static_cast<double>(off - parts_.of[kOffShare]);
}

void Solution::set_absent(int job) {
    vehicle_of_[job] = kNone;
    absent_at_[job] = static_cast<int>(absent_.size());
    absent_.push_back(job);
    parts_.of[kUnserved] += problem_.jobs[job].priority;
    parts_.of[kChanges] += running_lost(job);
}

void Solution::set_present(int job, int vehicle) {
    vehicle_of_[job] = vehicle;
    int at = absent_at_[job], last = absent_.back();
    absent_[at] = last, absent_at_[last] = at;
    absent_.pop_back();
    absent_at_[job] = kNone;
    parts_.of[kUnserved] -= problem_.jobs[job].priority;
    parts_.of[kChanges] -= running_lost(job);
}

void Solution::weigh_again() {
    // What was remembered of a route by its version was found with the old factors.
    for (Route& route : routes_) keeper_.settle(route);
}

void Solution::begin() {
    for (std::size_t s = 0; s < saves_; ++s) is_saved_[saved_[s].vehicle] = 0;
    saves_ = 0;
    saved_absent_ = absent_;
    saved_parts_ = parts_;
    saved_served_ = served_;
    saved_fleet_jobs_ = fleet_jobs_;
}

void Solution::touch(int vehicle) {
    if (is_saved_[vehicle]) return;
    is_saved_[vehicle] = 1;
    if (saves_ == saved_.size()) saved_.emplace_back();
    saved_[saves_++] = routes_[vehicle];
}

void Solution::undo() {
    for (std::int32_t job : absent_) absent_at_[job] = kNone;
    for (std::size_t s = 0; s < saves_; ++s) {
        Route& route = routes_[saved_[s].vehicle];
        bool was_used = !route.empty();
        std::swap(route, saved_[s]);
        for (std::int32_t call : route.calls) vehicle_of_[problem_.calls[call].job] = route.vehicle;
        replace(route.vehicle, was_used);
        saved_[s].vehicle = route.vehicle;
    }
    absent_ = saved_absent_;
    for (std::size_t at = 0; at < absent_.size(); ++at) {
        vehicle_of_[absent_[at]] = kNone;
        absent_at_[absent_[at]] = static_cast<int>(at);
    }
    parts_ = saved_parts_;
    served_ = saved_served_;
    fleet_jobs_ = saved_fleet_jobs_;
    begin();
}

// Keeps the list of used vehicles true after a route was replaced.
bool Solution::replace(int vehicle, bool was_used) {
    bool is_used = !routes_[vehicle].empty();
    if (is_used && !was_used) {
        used_at_[vehicle] = static_cast<int>(used_.size());
        used_.push_back(vehicle);
    } else if (was_used && !is_used) {
        int at = used_at_[vehicle], last = used_.back();
        used_[at] = last, used_at_[last] = at;
        used_.pop_back();
        used_at_[vehicle] = kNone;
    }
    return is_used;
}

bool Solution::remove(const std::vector<std::int32_t>& jobs) {
    touched_.clear();
    for (std::int32_t job : jobs) {
        int vehicle = vehicle_of_[job];
        int fleet = problem_.vehicles[vehicle].fleet;
        --served_;
        if (fleet != kNone) --fleet_jobs_[fleet];
        if (std::ranges::find(touched_, vehicle) == touched_.end()) touched_.push_back(vehicle);
        set_absent(job);
    }
    bool drivable = true;
    for (std::int32_t vehicle : touched_) {
        touch(vehicle);
        Route& route = routes_[vehicle];
        parts_ -= route.schedule.parts;
        std::erase_if(route.calls, [&](std::int32_t call) {
            return vehicle_of_[problem_.calls[call].job] == kNone;
        });
        drivable &= keeper_.settle(route);
        parts_ += route.schedule.parts;
        replace(vehicle, true);
    }
    parts_.of[kOffShare] = off_share();
    return drivable;
}

bool Solution::insert(int job, int vehicle, const Seat& seat) {
    touch(vehicle);
    Route& route = routes_[vehicle];
    bool was_used = !route.empty();
    inserter_.lay(route, job, seat, calls_);
    parts_ -= route.schedule.parts;
    route.calls.swap(calls_);
    bool drivable = keeper_.settle(route);
    parts_ += route.schedule.parts;
    replace(vehicle, was_used);
    set_present(job, vehicle);
    ++served_;
    int fleet = problem_.vehicles[vehicle].fleet;
    if (fleet != kNone) ++fleet_jobs_[fleet];
    if (!problem_.shares.empty()) parts_.of[kOffShare] = off_share();
    return drivable;
}

void Solution::list_open(std::vector<std::int32_t>& vehicles) const {
    vehicles.assign(used_.begin(), used_.end());
    for (const auto& alike : of_type_)
        for (std::int32_t vehicle : alike)
            if (routes_[vehicle].empty()) {
                vehicles.push_back(vehicle);
                break;
            }
}

}  // namespace gancang
