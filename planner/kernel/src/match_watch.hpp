// Long work looks up now and then: it is told to whoever started it, who may end it by throwing.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>

namespace gancang {

class MatchWatch {
  public:
    explicit MatchWatch(std::function<void()> look_up) : look_up_(std::move(look_up)) {}

    // To be called in loops, with the steps done since; cheap but every ~20 ms.
    void tick(std::int64_t steps = 1) {
        steps_ += steps;
        if (steps_ >= kStepsBetweenClocks) ask();
    }

  private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::int64_t kStepsBetweenClocks = 20'000;
    static constexpr std::chrono::milliseconds kBetween{20};

    void ask() {
        steps_ = 0;
        Clock::time_point now = Clock::now();
        if (now - last_ < kBetween) return;
        last_ = now;
        look_up_();
    }

    std::function<void()> look_up_;
    std::int64_t steps_ = 0;
    Clock::time_point last_ = Clock::now();
};

}  // namespace gancang
