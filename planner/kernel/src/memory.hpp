// The routes seen on the way, for a set partitioning over them.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "route.hpp"

namespace gancang {

struct SeenRoute {
    int vehicle;
    std::vector<std::int32_t> calls;
    Parts parts;
};

// Keeps the newest routes, each sequence of a type of vehicle once.
class Memory {
  public:
    Memory(const Problem& problem, std::size_t room) : problem_(problem), room_(room) {}

    void keep(const Route& route);
    const std::vector<SeenRoute>& seen() const { return seen_; }

  private:
    std::uint64_t hash(const Route& route) const;

    const Problem& problem_;
    std::size_t room_, next_ = 0;
    std::vector<SeenRoute> seen_;
    std::vector<std::uint64_t> hashes_;
    std::unordered_map<std::uint64_t, std::size_t> at_;
};

}  // namespace gancang
