// The door for Python: a problem from arrays, a search on it, and the timing of one sequence.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>

#include "problem.hpp"
#include "schedule.hpp"
#include "search.hpp"
#include "validation.hpp"

namespace nb = nanobind;

namespace gancang {

namespace {

using Table = nb::ndarray<const std::int64_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Flags = nb::ndarray<const std::uint8_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Square = nb::ndarray<const std::int32_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

// A row at a time of a table of so many columns.
class Rows {
  public:
    Rows(const char* name, const Table& table, std::size_t columns) : table_(table), columns_(columns) {
        if (table.shape(1) != columns)
            throw nb::value_error((std::string(name) + " must have " + std::to_string(columns) + " columns").c_str());
    }
    std::size_t size() const { return table_.shape(0); }
    const std::int64_t* operator[](std::size_t row) const { return table_.data() + row * columns_; }

  private:
    const Table& table_;
    std::size_t columns_;
};

std::int32_t narrow(std::int64_t value) {
    if (value < -1 || value > std::numeric_limits<std::int32_t>::max())
        throw nb::value_error("a number is out of range");
    return static_cast<std::int32_t>(value);
}

Time or_never(std::int64_t value) { return value == kNone ? kNever : value; }

void read_calls(Problem& problem, const Table& calls, const Table& windows) {
    Rows rows("calls", calls, 8), open("windows", windows, 2);
    for (std::size_t at = 0; at < open.size(); ++at) problem.windows.push_back({open[at][0], open[at][1]});
    for (std::size_t at = 0; at < rows.size(); ++at) {
        const std::int64_t* row = rows[at];
        Call call{};
        call.place = narrow(row[0]), call.job = narrow(row[1]), call.delivery = row[2] != 0;
        call.service = row[3], call.setup = row[4], call.due = or_never(row[5]);
        call.first_window = narrow(row[6]), call.windows = narrow(row[7]);
        problem.calls.push_back(call);
    }
}

void read_jobs(Problem& problem, const Table& jobs) {
    Rows rows("jobs", jobs, 9);
    for (std::size_t at = 0; at < rows.size(); ++at) {
        const std::int64_t* row = rows[at];
        Job job{};
        job.first_call = narrow(row[0]), job.pickups = narrow(row[1]), job.deliveries = narrow(row[2]);
        job.holder = narrow(row[3]), job.running = narrow(row[4]), job.priority = row[5];
        job.max_onboard = or_never(row[6]), job.max_detour_percent = narrow(row[7]), job.since = row[8];
        problem.jobs.push_back(job);
    }
}

void read_vehicles(Problem& problem, const Table& vehicles, const Table& breaks) {
    Rows rows("vehicles", vehicles, 17), rests("breaks", breaks, 3);
    for (std::size_t at = 0; at < rows.size(); ++at) {
        const std::int64_t* row = rows[at];
        Vehicle vehicle{};
        vehicle.start = narrow(row[0]);
        vehicle.end = row[1] == kNone ? problem.nowhere() : narrow(row[1]);
        vehicle.travel = narrow(row[2]), vehicle.fleet = narrow(row[3]);
        vehicle.ready = row[4], vehicle.closes = row[5];
        vehicle.max_jobs = or_never(row[6]), vehicle.max_stops = or_never(row[7]);
        vehicle.max_distance = or_never(row[8]), vehicle.max_work = or_never(row[9]);
        vehicle.fixed_cost = row[10], vehicle.cost_per_km = row[11], vehicle.cost_per_hour = row[12];
        vehicle.worked = row[13], vehicle.is_closed = row[14] != 0;
        std::size_t first = static_cast<std::size_t>(narrow(row[15])), many = static_cast<std::size_t>(narrow(row[16]));
        if (row[15] < 0 || row[16] < 0 || first + many > rests.size())
            throw nb::value_error("a vehicle names a break that is not there");
        for (std::size_t rest = first; rest < first + many; ++rest)
            vehicle.breaks.push_back({rests[rest][0], narrow(rests[rest][1]), narrow(rests[rest][2])});
        problem.vehicles.push_back(vehicle);
    }
}

// The ways of one class, with a last place to and from which every way is free.
std::vector<Leg> read_ways(const Problem& problem, const Square& seconds, const Square& metres) {
    std::size_t n = static_cast<std::size_t>(problem.places);
    for (const Square* square : {&seconds, &metres})
        if (square->shape(0) != n || square->shape(1) != n)
            throw nb::value_error("a matrix does not have a row and a column for every place");
    std::vector<Leg> ways(problem.stride() * problem.stride(), Leg{0, 0});
    for (std::size_t a = 0; a < n; ++a)
        for (std::size_t b = 0; b < n; ++b)
            ways[a * problem.stride() + b] = {seconds.data()[a * n + b], metres.data()[a * n + b]};
    return ways;
}

std::vector<std::int64_t> read_numbers(const char* name, const Table& table, std::size_t rows, std::size_t columns) {
    if (table.shape(0) != rows || table.shape(1) != columns)
        throw nb::value_error((std::string(name) + " has the wrong shape").c_str());
    return {table.data(), table.data() + rows * columns};
}

void read_policy(Problem& problem, const Table& levels, const Table& shares) {
    Rows rows("levels", levels, kParts), bands("shares", shares, 3);
    for (std::size_t at = 0; at < rows.size(); ++at) problem.levels.emplace_back(rows[at], rows[at] + kParts);
    for (std::size_t at = 0; at < bands.size(); ++at)
        problem.shares.push_back({bands[at][0], bands[at][1], bands[at][2]});
}

std::shared_ptr<Problem> read_problem(int places, int dims, const Table& calls, const Table& call_load,
                                      const Table& windows, const Table& jobs, const Table& start_load,
                                      const Table& vehicles, const Table& capacity, const Table& held_load,
                                      const Table& breaks,
                                      const Flags& eligible,
                                      const std::vector<std::tuple<Square, Square>>& travel,
                                      const Table& levels, const Table& shares) {
    if (places < 0 || dims < 0) throw nb::value_error("places and dims must be zero or more");
    auto problem = std::make_shared<Problem>();
    problem->places = places, problem->dims = dims;
    std::size_t d = static_cast<std::size_t>(dims);
    read_calls(*problem, calls, windows);
    read_jobs(*problem, jobs);
    read_vehicles(*problem, vehicles, breaks);
    problem->call_load = read_numbers("call_load", call_load, problem->calls.size(), d);
    problem->start_load = read_numbers("start_load", start_load, problem->jobs.size(), d);
    problem->capacity = read_numbers("capacity", capacity, problem->vehicles.size(), d);
    problem->held_load = read_numbers("held_load", held_load, problem->vehicles.size(), d);
    if (eligible.shape(0) != problem->jobs.size() || eligible.shape(1) != problem->vehicles.size())
        throw nb::value_error("eligible must have a row a job and a column a vehicle");
    problem->eligible.assign(eligible.data(), eligible.data() + eligible.size());
    for (const auto& [seconds, metres] : travel) problem->travel.push_back(read_ways(*problem, seconds, metres));
    read_policy(*problem, levels, shares);
    validate(*problem);
    problem->finish();
    return problem;
}

// A search that one thread at a time may use.
class SharedSearch {
  public:
    SharedSearch(std::shared_ptr<Problem> problem, std::uint64_t seed, std::uint32_t remembered)
        : problem_(std::move(problem)), search_(*problem_, seed, settings(remembered)) {}

    bool start(const Sequences& calls) {
        Turn turn(runner_);
        validate_sequences(*problem_, calls);
        started_ = search_.start(calls);
        return started_;
    }

    bool take(const Sequences& calls) {
        Turn turn(runner_);
        if (!started_) throw std::runtime_error("a search must be started first");
        validate_sequences(*problem_, calls);
        return search_.take(calls);
    }

    void run(const Stopping& stopping, const nb::object& watch) {
        Turn turn(runner_);
        if (!started_) throw std::runtime_error("a search must be started first");
        nb::gil_scoped_release free_for_others;
        auto breathe = [] {
            nb::gil_scoped_acquire again;
            if (PyErr_CheckSignals() != 0) throw nb::python_error();
        };
        auto ask = [&](std::int64_t iterations, const Parts& best, bool better) {
            nb::gil_scoped_acquire again;
            if (PyErr_CheckSignals() != 0) throw nb::python_error();
            if (watch.is_none()) return false;
            std::vector<std::int64_t> parts(best.of, best.of + kParts);
            return nb::cast<bool>(watch(iterations, parts, better));
        };
        search_.run(stopping, Watch{ask, breathe});
    }

    // What it has found. While it runs, only its watcher may look.
    const Search& search() const {
        std::thread::id runner = runner_;
        if (runner != std::thread::id() && runner != std::this_thread::get_id())
            throw std::runtime_error("this search is running");
        return search_;
    }

  private:
    // One at a time, also from within a watcher.
    class Turn {
      public:
        explicit Turn(std::atomic<std::thread::id>& runner) : runner_(runner) {
            std::thread::id nobody;
            if (!runner_.compare_exchange_strong(nobody, std::this_thread::get_id()))
                throw std::runtime_error("this search is running already");
        }
        ~Turn() { runner_ = std::thread::id(); }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

      private:
        std::atomic<std::thread::id>& runner_;
    };

    static Settings settings(std::uint32_t remembered) {
        Settings settings;
        settings.remembered = remembered;
        return settings;
    }

    std::shared_ptr<Problem> problem_;
    Search search_;
    std::atomic<std::thread::id> runner_ = std::thread::id();
    bool started_ = false;
};

using TimedSequence = std::tuple<std::vector<Time>, Time, Time, std::vector<std::int64_t>>;

std::optional<TimedSequence> time_sequence(const Problem& problem, int vehicle, const std::vector<std::int32_t>& calls) {
    Sequences all(problem.vehicles.size());
    if (vehicle < 0 || vehicle >= static_cast<int>(all.size())) throw nb::value_error("there is no such vehicle");
    all[vehicle] = calls;
    validate_sequences(problem, all);
    Timer timer(problem);
    Schedule schedule;
    if (!timer.time(vehicle, calls, schedule)) return std::nullopt;
    auto starts = timer.starts();
    return TimedSequence{{starts.begin(), starts.end()}, schedule.departs, schedule.ends,
                         {schedule.parts.of, schedule.parts.of + kParts}};
}

}  // namespace

}  // namespace gancang

void bind_search(nb::module_& m) {
    using namespace gancang;
    nb::class_<Problem>(m, "Problem", "A problem laid out for the search; see gancang_planner.kernel.")
        .def(nb::new_(&read_problem), nb::kw_only(), nb::arg("places"), nb::arg("dims"), nb::arg("calls").noconvert(),
             nb::arg("call_load").noconvert(), nb::arg("windows").noconvert(), nb::arg("jobs").noconvert(), nb::arg("start_load").noconvert(),
             nb::arg("vehicles").noconvert(), nb::arg("capacity").noconvert(), nb::arg("held_load").noconvert(), nb::arg("breaks").noconvert(), nb::arg("eligible").noconvert(),
             nb::arg("travel").noconvert(), nb::arg("levels").noconvert(), nb::arg("shares").noconvert())
        .def("time", &time_sequence, nb::arg("vehicle"), nb::arg("calls"),
             "Starts, departure, end and parts of the cost; None if a limit of time or road is broken.");
    nb::class_<SharedSearch>(m, "Search", "The search for a better plan.")
        .def(nb::init<std::shared_ptr<Problem>, std::uint64_t, std::uint32_t>(), nb::arg("problem"),
             nb::arg("seed"), nb::arg("remembered") = 0)
        .def("start", &SharedSearch::start, nb::arg("calls"),
             "Starts from these calls a vehicle; False if they break a limit.")
        .def("take", &SharedSearch::take, nb::arg("calls"),
             "Takes these calls a vehicle for its best plan if they are better; False if they break a limit.")
        .def(
            "run",
            [](SharedSearch& self, std::int64_t iterations, std::int64_t planned, std::int64_t no_gain,
               double seconds, double ask_every_s, const nb::object& watch) {
                self.run({iterations, planned, no_gain, seconds, ask_every_s}, watch);
            },
            nb::kw_only(), nb::arg("iterations"), nb::arg("planned"), nb::arg("no_gain"),
            nb::arg("seconds"), nb::arg("ask_every_s"), nb::arg("watch").none(),
            "Searches until a limit is reached (below 0: none) or watch(iterations, parts, better) says so.")
        .def_prop_ro("best", [](const SharedSearch& self) { return self.search().best(); })
        .def_prop_ro("seen", [](const SharedSearch& self) {
            std::vector<std::tuple<int, std::vector<std::int32_t>, std::vector<std::int64_t>>> seen;
            for (const SeenRoute& route : self.search().seen())
                seen.emplace_back(route.vehicle, route.calls,
                                  std::vector<std::int64_t>(route.parts.of, route.parts.of + kParts));
            return seen;
        }, "The newest routes seen: a vehicle, its calls, the parts of its cost.")
        .def_prop_ro("parts", [](const SharedSearch& self) {
            const Parts& best = self.search().best_parts();
            return std::vector<std::int64_t>(best.of, best.of + kParts);
        })
        .def_prop_ro("iterations", [](const SharedSearch& self) { return self.search().iterations(); });
}
