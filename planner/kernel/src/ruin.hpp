// Which jobs to take out: strings of neighbouring routes (slack induction by string removals,
// Christiaens & Vanden Berghe 2020), and now and then a whole route.
#pragma once

#include <cstdint>
#include <vector>

#include "random.hpp"
#include "solution.hpp"

namespace gancang {

struct RuinSettings {
    double removed_mean = 10;   // calls taken out, on average
    double string_max = 10;     // calls of one string
    double split_chance = 0.5;  // of keeping some calls in the middle of a string
    double grow_chance = 0.01;  // of keeping one more still
};

class Ruin {
  public:
    Ruin(const Problem& problem, const RuinSettings& settings);

    // Jobs to take out; none of them belongs to its vehicle for good.
    const std::vector<std::int32_t>& choose(const Solution& solution, Random& random);

    // The calls near a call, the nearest first.
    const std::vector<std::int32_t>& near(int call);

  private:
    void string_around(const Route& route, int position, int length, Random& random);
    void take(int call);
    bool is_free(int job) const { return problem_.jobs[job].holder == kNone; }
    std::int64_t distance(int from, int to) const;

    const Problem& problem_;
    RuinSettings settings_;
    std::vector<std::vector<std::int32_t>> near_;  // filled when first asked for
    std::vector<std::int32_t> movable_;            // calls of the jobs that may be taken out
    std::vector<std::int32_t> chosen_;
    std::vector<std::uint32_t> job_mark_, route_mark_;
    std::uint32_t mark_ = 0;
};

}  // namespace gancang
