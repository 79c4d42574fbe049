#include "match_assign.hpp"

#include <algorithm>
#include <cmath>

#include "assign.hpp"

namespace gancang {

namespace {

// More than anything that serving one job more could cost all others. A power of two, so that it
// takes nothing from the precision of whole costs.
double price_of_must(const MatchTask& task) {
    double most = 1;
    for (double cost : task.cost) most = std::max(most, cost);
    for (double leave : task.leave)
        if (std::isfinite(leave)) most = std::max(most, leave);
    return std::exp2(std::ceil(std::log2(most * (static_cast<double>(task.jobs()) + 1))) + 1);
}

// The jobs are the rows: each looks for a rider.
void rows_are_jobs(const MatchTask& task, AssignGraph& graph) {
    graph.columns = task.riders();
    graph.first = task.first;
    graph.column = task.rider;
    graph.cost = task.cost;
    graph.list.resize(task.jobs());
    for (std::int32_t job = 0; job < task.jobs(); ++job) graph.list[job] = job;
}

// The seats of the riders are the rows: each looks for a job, and gains what leaving that would cost.
void rows_are_seats(const MatchTask& task, const std::vector<double>& leave,
                    const std::vector<std::int32_t>& seats, AssignGraph& graph) {
    graph.columns = task.jobs();
    graph.first.assign(task.riders() + 1, 0);
    for (std::int32_t rider : task.rider) ++graph.first[rider + 1];
    for (std::int32_t rider = 0; rider < task.riders(); ++rider) graph.first[rider + 1] += graph.first[rider];
    graph.column.resize(task.rider.size());
    graph.cost.resize(task.rider.size());
    std::vector<std::int64_t> next(graph.first.begin(), graph.first.end() - 1);
    for (std::int32_t job = 0; job < task.jobs(); ++job)
        for (std::int64_t edge = task.first[job]; edge < task.first[job + 1]; ++edge) {
            std::int64_t at = next[task.rider[edge]]++;
            graph.column[at] = job;
            graph.cost[at] = task.cost[edge] - leave[job];
        }
    for (std::int32_t rider = 0; rider < task.riders(); ++rider)
        graph.list.insert(graph.list.end(), seats[rider], rider);
    graph.outside.assign(graph.list.size(), 0.0);
    graph.capacity.assign(task.jobs(), 1);
}

void read_jobs(const MatchTask& task, const Assigner& assigner, MatchResult& result) {
    for (std::int32_t job = 0; job < task.jobs(); ++job) {
        result.rider_of[job] = assigner.column_of(job);
        result.job_price[job] = assigner.row_price(job);
    }
    for (std::int32_t rider = 0; rider < task.riders(); ++rider)
        result.rider_price[rider] = -assigner.price_of(rider);
}

void read_seats(const AssignGraph& graph, const std::vector<double>& leave, const Assigner& assigner,
                MatchResult& result) {
    for (std::int32_t row = 0; row < graph.rows(); ++row) {
        std::int32_t job = assigner.column_of(row), rider = graph.list[row];
        if (job != Assigner::kOutside) result.rider_of[job] = rider;
        result.rider_price[rider] = -assigner.row_price(row);  // the same for all its seats
    }
    for (std::int32_t job = 0; job < graph.columns; ++job)
        result.job_price[job] = leave[job] + assigner.price_of(job);
}

}  // namespace

MatchResult assign(const MatchTask& task, MatchWatch& watch) {
    MatchResult result;
    result.rider_of.assign(task.jobs(), -1);
    result.job_price.assign(task.jobs(), 0.0);
    result.rider_price.assign(task.riders(), 0.0);
    result.beyond_price = price_of_must(task);
    std::vector<double> leave = task.leave;
    for (double& price : leave) price = std::min(price, result.beyond_price);
    // One seat more than there are jobs that know of it is as good as any number: never all taken.
    std::vector<std::int32_t> seats(task.riders(), 1);
    for (std::int32_t rider : task.rider) ++seats[rider];
    std::int64_t all = 0;
    for (std::int32_t rider = 0; rider < task.riders(); ++rider)
        all += seats[rider] = std::min(seats[rider], task.capacity[rider]);
    AssignGraph graph;
    bool by_job = task.jobs() <= all;  // the fewer rows, the fewer paths
    if (by_job) {
        rows_are_jobs(task, graph);
        graph.outside = leave;
        graph.capacity = seats;
    } else {
        rows_are_seats(task, leave, seats, graph);
    }
    Assigner assigner(graph);
    assigner.solve(watch);
    if (by_job) read_jobs(task, assigner, result);
    else read_seats(graph, leave, assigner, result);
    return result;
}

}  // namespace gancang
