// When each call of a sequence starts, and what that costs: the same answer as
// gancang_planner's timing in Python, to the second.
#pragma once

#include <span>
#include <vector>

#include "problem.hpp"

namespace gancang {

struct Schedule {
    Time departs = 0, ends = 0;
    Time driven = 0, served = 0;  // seconds at the wheel, and of service with its setups
    Time setups = 0;              // of those, the setups
    Parts parts;
};

// The parts of a route that follow from its metres and its duration.
void fill_parts(const Vehicle& vehicle, std::int64_t metres, Time duration, Parts& parts);

// How many jobs of the sequence another vehicle has in the running plan.
std::int64_t count_changes(const Problem& problem, int vehicle, std::span<const std::int32_t> calls);

// Times sequences. Keeps its working memory, so that timing allocates nothing.
class Timer {
  public:
    explicit Timer(const Problem& problem);

    // Times the calls as early as can be; false if that breaks a limit of time, road or distance.
    // Loads and numbers of jobs are not looked at.
    bool time(int vehicle, std::span<const std::int32_t> calls, Schedule& schedule);

    // The starts of the sequence that was timed last.
    std::span<const Time> starts() const { return {starts_.data(), length_}; }

  private:
    bool lay_out(std::span<const std::int32_t> calls);
    bool push(std::span<const std::int32_t> calls);
    bool push_with_breaks(std::span<const std::int32_t> calls);
    bool choose_breaks_left(std::size_t n);
    Time after_break(const Break& taken, Time from) const;
    void trace_back(std::size_t n);
    bool hold_back(std::span<const std::int32_t> calls);
    bool put_off_pickups(std::span<const std::int32_t> calls, bool& moved);
    bool put_off(std::span<const std::int32_t> calls, std::size_t delivery, bool& moved);
    bool fill(std::span<const std::int32_t> calls, Schedule& schedule) const;
    void resize(std::size_t n);

    const Problem& problem_;
    const Vehicle* vehicle_ = nullptr;
    int number_ = 0;
    std::size_t length_ = 0;
    Time departs_ = 0, free_ = 0, home_ = 0, driven_ = 0, served_ = 0, setups_ = 0;
    std::int64_t metres_ = 0;
    bool timed_ = false;
    std::vector<Time> legs_, service_, starts_, floors_;
    std::vector<Time> free_with_, here_with_;  // (call, breaks done): f and g of the recursion
    std::vector<std::uint8_t> free_by_break_, here_by_break_;
    std::size_t breaks_done_ = 0;
};

}  // namespace gancang
