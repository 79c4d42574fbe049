// Puts absent jobs back, one after the other in a chosen order, each where it adds least; now and
// then the best seat is overlooked ("blinks": Christiaens & Vanden Berghe 2020).
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "random.hpp"
#include "solution.hpp"

namespace gancang {

inline constexpr std::size_t kAnyNumber = static_cast<std::size_t>(-1);

struct RecreateSettings {
    double blink_chance = 0.01;
    const std::function<bool()>* is_over = nullptr;  // asked before each job; true: the rest stay absent
    std::size_t vehicles_max = kAnyNumber;  // no unused vehicle is taken from so many used on
};

class Recreate {
  public:
    explicit Recreate(const Problem& problem);

    // Seats as many absent jobs as can be; false if the solution must be undone.
    bool run(Solution& solution, Random& random, const RecreateSettings& settings);

    // The cheapest seat of a job over all open vehicles, and what it adds.
    struct Place {
        int vehicle = kNone;
        Seat seat;
        double added = kTooDear;
    };
    Place cheapest(Solution& solution, int job, Random& random, double blink_chance);

    // The vehicles that jobs are offered to from now on.
    void open(const Solution& solution, std::size_t vehicles_max);

    // The cheapest seats in one vehicle, of those that add less than `below`.
    const Seats& seats(Solution& solution, int job, int vehicle, double below);

  private:
    enum class Order { Shuffled, Largest, Farthest, Nearest, Narrowest, Earliest, Latest, Orders };

    void sort(std::vector<std::int32_t>& jobs, Random& random);
    double key(int job, Order order) const;
    void measure();

    // What was found for a job in a state of a route: all seats that add less than `below`.
    struct Found {
        std::uint64_t version = 0;
        double below = 0;
        Seats seats;
    };

    Found& slot(int job, int vehicle);
    void weigh(Solution& solution, const Seats& seats, int vehicle, Place& best, bool blinks) const;

    const Problem& problem_;
    std::size_t slots_;
    std::vector<Found> found_;  // job x slot
    std::vector<std::int32_t> open_, waiting_, unknown_;
    std::vector<double> size_, reach_, width_, begin_, end_, keys_;
};

}  // namespace gancang
