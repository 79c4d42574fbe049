// Who may be worth asking: a sparse graph of jobs and riders that are near each other.
#pragma once

#include <cstdint>
#include <vector>

#include "grid.hpp"
#include "match_watch.hpp"

namespace gancang {

// Whom a job may not have: its riders in `rider` (rising) are the only ones, or are forbidden.
struct MatchRules {
    std::vector<std::int64_t> first;  // of each job, and the end; empty: no rules at all
    std::vector<std::int32_t> rider;
    std::vector<std::uint8_t> only;   // of each job: its list says who may, not who may not

    bool allows(std::int32_t job, std::int32_t number) const;
    bool names_who_may(std::int32_t job) const { return !first.empty() && only[job]; }
};

struct MatchPlaces {
    std::vector<Point> jobs, riders;
};

// Edges job after job.
struct MatchGraph {
    std::vector<std::int64_t> first;   // of each job, and the end
    std::vector<std::int32_t> rider;   // of each edge
    std::vector<double> metres;        // of each edge
    std::vector<double> known_m;       // of each job: who may and is nearer than this is in its list
};

// The `most` nearest riders of each job whom the rules allow; where riders are fewer than jobs, a
// rider whom fewer than `most` jobs know has his `most` nearest jobs too. Ties: by number.
MatchGraph candidates(const MatchPlaces& places, const MatchRules& rules, int most, MatchWatch& watch);

// Edges that are not in the graph.
struct MatchMore {
    std::vector<std::int32_t> job, rider;
    std::vector<double> metres;
};

// For each job, of the riders outside the graph whom the rules allow and who are nearer than
// job_reach_m[job] - rider_reach_m[rider], the `most` nearest. With the reaches set to the duals this
// is the pricing of columns: none found means that the graph lacks nothing.
struct MatchReach {
    std::vector<double> job_m, rider_m;
};
MatchMore beyond(const MatchPlaces& places, const MatchRules& rules, const MatchGraph& graph,
                 const MatchReach& reach, int most, MatchWatch& watch);

}  // namespace gancang
