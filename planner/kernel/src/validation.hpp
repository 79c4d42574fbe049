// What must hold before any work: every index in range, every number small enough.
#pragma once

#include <cstdint>
#include <vector>

#include "problem.hpp"

namespace gancang {

// Throws std::invalid_argument that says what is wrong.
void validate(const Problem& problem);
void validate_sequences(const Problem& problem, const std::vector<std::vector<std::int32_t>>& calls);

}  // namespace gancang
