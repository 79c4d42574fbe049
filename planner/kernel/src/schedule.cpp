#include "schedule.hpp"

#include <algorithm>

namespace gancang {

namespace {

// Beyond any real route; keeps the sum over all vehicles in 64 bits.
constexpr std::int64_t kPartMax = std::int64_t{1} << 48;

}  // namespace

void fill_parts(const Vehicle& vehicle, std::int64_t metres, Time duration, Parts& parts) {
    using Wide = __int128;
    Wide money = vehicle.fixed_cost + Wide{vehicle.cost_per_km} * metres / 1000 +
                 Wide{vehicle.cost_per_hour} * duration / 3600;
    Wide worked = vehicle.worked;
    Wide imbalance = ((worked + duration) * (worked + duration) - worked * worked) / 3600;
    parts.of[kVehicles] = 1, parts.of[kDistance] = metres, parts.of[kDuration] = duration;
    parts.of[kMoney] = static_cast<std::int64_t>(std::min<Wide>(money, kPartMax));
    parts.of[kImbalance] = static_cast<std::int64_t>(std::min<Wide>(imbalance, kPartMax));
}

std::int64_t count_changes(const Problem& problem, int vehicle, std::span<const std::int32_t> calls) {
    std::int64_t changes = 0;
    for (std::int32_t number : calls) {
        const Job& job = problem.jobs[problem.calls[number].job];
        // Every job of a route has its last call in it, on board or not.
        bool counts = number == job.first_call + job.calls() - 1;
        changes += counts && job.running != kNone && job.running != vehicle;
    }
    return changes;
}

Timer::Timer(const Problem& problem) : problem_(problem) {}

bool Timer::time(int vehicle, std::span<const std::int32_t> calls, Schedule& schedule) {
    vehicle_ = &problem_.vehicles[vehicle];
    number_ = vehicle;
    length_ = calls.size();
    schedule = Schedule{};
    schedule.departs = schedule.ends = vehicle_->ready;
    if (calls.empty()) return true;
    resize(calls.size());
    if (!lay_out(calls) || !push(calls)) return false;
    if (timed_ && !hold_back(calls)) return false;
    return fill(calls, schedule);
}

void Timer::resize(std::size_t n) {
    if (legs_.size() < n) {
        std::size_t room = 2 * n;
        legs_.resize(room), service_.resize(room), starts_.resize(room), floors_.resize(room);
    }
    std::size_t states = (n + 1) * (vehicle_->breaks.size() + 1);
    if (!vehicle_->breaks.empty() && free_with_.size() < states) {
        free_with_.resize(2 * states), here_with_.resize(2 * states);
        free_by_break_.resize(2 * states), here_by_break_.resize(2 * states);
    }
}

// Ways and service times; false where no road leads.
bool Timer::lay_out(std::span<const std::int32_t> calls) {
    const Leg* table = problem_.legs(number_);
    int at = vehicle_->start;
    driven_ = served_ = setups_ = metres_ = 0;
    timed_ = false;
    for (std::size_t k = 0; k < calls.size(); ++k) {
        const Call& call = problem_.calls[calls[k]];
        const Leg& leg = problem_.leg(table, at, call.place);
        if (leg.seconds == kNoRoad) return false;
        Time setup = k > 0 && at == call.place ? 0 : call.setup;
        legs_[k] = leg.seconds;
        service_[k] = call.service + setup;
        floors_[k] = 0;
        driven_ += leg.seconds, metres_ += leg.metres, served_ += service_[k], setups_ += setup;
        timed_ |= call.delivery && problem_.jobs[call.job].is_timed();
        at = call.place;
    }
    const Leg& leg = problem_.leg(table, at, vehicle_->end);
    home_ = leg.seconds;
    driven_ += leg.seconds, metres_ += leg.metres;
    return leg.seconds != kNoRoad;
}

// Each call as early as ways, windows, breaks and floors let it start.
bool Timer::push(std::span<const std::int32_t> calls) {
    if (!vehicle_->breaks.empty()) return push_with_breaks(calls);
    Time free = vehicle_->ready;
    for (std::size_t k = 0; k < calls.size(); ++k) {
        const Call& call = problem_.calls[calls[k]];
        Time arrival = std::max(free + legs_[k], floors_[k]);
        Time start = call.windows == 1 ? (arrival <= call.closes ? std::max(arrival, call.opens) : kNever)
                                       : next_start(problem_.windows_of(call), arrival);
        if (start == kNever) return false;
        starts_[k] = start;
        free = start + service_[k];
    }
    departs_ = starts_[0] - legs_[0];
    free_ = free;
    return true;
}

Time Timer::after_break(const Break& taken, Time from) const {
    if (from == kNever) return kNever;
    std::span<const Window> windows{problem_.windows.data() + taken.first_window,
                                    static_cast<std::size_t>(taken.windows)};
    Time start = next_start(windows, from);
    return start == kNever ? kNever : start + taken.duration;
}

// f[k][b]: the earliest time at which k calls and b breaks are done; g[k][b]: the earliest time at
// which it stands at call k, not served yet, with b breaks done.
bool Timer::push_with_breaks(std::span<const std::int32_t> calls) {
    const auto& breaks = vehicle_->breaks;
    std::size_t wide = breaks.size() + 1;
    auto settle = [&](std::vector<Time>& times, std::vector<std::uint8_t>& by_break, std::size_t row) {
        by_break[row] = 0;
        for (std::size_t b = 1; b < wide; ++b) {
            Time rested = after_break(breaks[b - 1], times[row + b - 1]);
            by_break[row + b] = rested < times[row + b];
            if (by_break[row + b]) times[row + b] = rested;
        }
    };
    free_with_[0] = vehicle_->ready;
    for (std::size_t b = 1; b < wide; ++b) free_with_[b] = kNever;
    settle(free_with_, free_by_break_, 0);
    for (std::size_t k = 0; k < calls.size(); ++k) {
        const Call& call = problem_.calls[calls[k]];
        std::size_t before = k * wide, here = before + wide;
        for (std::size_t b = 0; b < wide; ++b)
            here_with_[here + b] = free_with_[before + b] == kNever ? kNever : free_with_[before + b] + legs_[k];
        settle(here_with_, here_by_break_, here);
        bool any = false;
        for (std::size_t b = 0; b < wide; ++b) {
            Time stands = here_with_[here + b];
            Time start = stands == kNever ? kNever
                                          : next_start(problem_.windows_of(call), std::max(stands, floors_[k]));
            free_with_[here + b] = start == kNever ? kNever : start + service_[k];
            any |= start != kNever;
        }
        if (!any) return false;
        settle(free_with_, free_by_break_, here);
    }
    if (!choose_breaks_left(calls.size())) return false;
    trace_back(calls.size());
    return true;
}

// The fewest breaks on the road whose rest can all still be begun after the end.
bool Timer::choose_breaks_left(std::size_t n) {
    const auto& breaks = vehicle_->breaks;
    std::size_t row = n * (breaks.size() + 1);
    for (std::size_t b = 0; b <= breaks.size(); ++b) {
        Time time = free_with_[row + b] == kNever ? kNever : free_with_[row + b] + home_;
        for (std::size_t left = b; left < breaks.size(); ++left) time = after_break(breaks[left], time);
        if (time != kNever) {
            breaks_done_ = b;
            free_ = free_with_[row + b];
            return true;
        }
    }
    return false;
}

void Timer::trace_back(std::size_t n) {
    const auto& breaks = vehicle_->breaks;
    std::size_t wide = breaks.size() + 1, b = breaks_done_;
    for (std::size_t k = n; k > 0; --k) {
        std::size_t row = k * wide;
        while (free_by_break_[row + b]) --b;
        starts_[k - 1] = free_with_[row + b] - service_[k - 1];
        Time begun = starts_[k - 1];
        bool rested = false;
        while (here_by_break_[row + b]) {
            begun = here_with_[row + b] - breaks[b - 1].duration;
            rested = true;
            --b;
        }
        if (k == 1) departs_ = (rested ? begun : starts_[0]) - legs_[0];
    }
}

// Time on board: the least fixed point of starts in which no delivery comes too long after its
// pickup. Putting a pickup off only puts later calls off, so it is the earliest such schedule.
bool Timer::hold_back(std::span<const std::int32_t> calls) {
    std::size_t rounds = 1;
    for (std::int32_t call : calls) rounds += 1 + problem_.calls[call].windows;
    rounds += calls.size() * vehicle_->breaks.size();
    for (std::size_t round = 0; round <= rounds; ++round) {
        bool moved = false;
        if (!put_off_pickups(calls, moved)) return false;
        if (!moved) return true;
        if (!push(calls)) return false;
    }
    return false;
}

bool Timer::put_off_pickups(std::span<const std::int32_t> calls, bool& moved) {
    for (std::size_t k = 0; k < calls.size(); ++k) {
        const Call& call = problem_.calls[calls[k]];
        if (call.delivery && problem_.jobs[call.job].is_timed() && !put_off(calls, k, moved)) return false;
    }
    return true;
}

// Raises the floors of the pickups that leave too long before this delivery starts.
bool Timer::put_off(std::span<const std::int32_t> calls, std::size_t delivery, bool& moved) {
    const Job& job = problem_.jobs[problem_.calls[calls[delivery]].job];
    Time left_by = starts_[delivery] - problem_.max_onboard(job, *vehicle_);
    if (job.on_board()) return job.since >= left_by;
    for (std::size_t k = 0; k < delivery; ++k) {
        const Call& call = problem_.calls[calls[k]];
        if (&problem_.jobs[call.job] != &job || call.delivery) continue;
        if (starts_[k] + service_[k] < left_by && floors_[k] < left_by - service_[k]) {
            floors_[k] = left_by - service_[k];
            moved = true;
        }
    }
    return true;
}

bool Timer::fill(std::span<const std::int32_t> calls, Schedule& schedule) const {
    schedule.departs = departs_, schedule.ends = free_ + home_;
    schedule.driven = driven_, schedule.served = served_, schedule.setups = setups_;
    Time duration = schedule.ends - departs_;
    if (schedule.ends > vehicle_->closes || metres_ > vehicle_->max_distance ||
        duration > vehicle_->max_work)
        return false;
    fill_parts(*vehicle_, metres_, duration, schedule.parts);
    auto& of = schedule.parts.of;
    for (std::size_t k = 0; k < calls.size(); ++k) {
        const Call& call = problem_.calls[calls[k]];
        Time over = starts_[k] - call.due;
        if (over > 0) of[call.delivery ? kLateness : kWait] += over;
    }
    of[kChanges] = count_changes(problem_, number_, calls);
    return true;
}

}  // namespace gancang
