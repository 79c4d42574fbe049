// Points on a plane, laid out so that the nearest ones to a place are found fast: strips of equal
// count across x, each in the order of y. Town and country are alike to it, and one wrong coordinate
// far away does no harm. Points in the same spot are held as one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gancang {

struct Point {
    double x, y;
};

struct Near {
    double square;        // of the distance
    std::int32_t number;  // of the point

    bool operator<(const Near& other) const {
        return square < other.square || (square == other.square && number < other.number);
    }
};

class Grid {
  public:
    Grid(const Point* points, std::int32_t count);

    // Where the last query looked, and how far. The next one begins there: close by, it costs about as
    // much as what it finds. What is found does not hang on it.
    struct Finger {
        double radius = 0;
        std::vector<std::int32_t> spot;  // of each strip
        std::vector<Near> circle;        // spots in reach, and room for one that is not
    };
    Finger finger() const;

    // The `most` nearest to `place` (ties: by number) that are no farther than `square_max` and that
    // is_open(number, square of the distance) takes, in any order.
    template <class IsOpen>
    void nearest(Point place, int most, double square_max, const IsOpen& is_open, Finger& finger,
                 std::vector<Near>& found) const;

    // Queries in this order are each close to the one before.
    static std::vector<std::int32_t> order_of(const Point* points, std::int32_t count);

  private:
    struct Strip {
        double from, to;  // x of its first and last spot
        std::int32_t first, end;
    };

    std::size_t look(Point place, double radius, Finger& finger) const;
    std::int32_t first_above(const Strip& strip, double y, std::int32_t guess) const;

    std::vector<Strip> strips_;
    std::vector<double> xs_, ys_;       // of the spots, strip after strip
    std::vector<std::int32_t> member_;  // numbers of points, spot after spot, each in its order
    std::vector<std::int32_t> first_;   // where a spot's begin
    Point low_{0, 0}, high_{0, 0};      // the corners of all
    double gap_ = 1;                    // between neighbours, on average
};

}  // namespace gancang

#include "grid_nearest.hpp"
