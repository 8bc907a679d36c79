// The one guard: no C++ exception ever crosses the C boundary.
#pragma once
#include "sqstorch_types.h"

namespace sqs {

// Turns the exception in flight into a status and keeps its message for sqs_error_message().
int32_t record_exception() noexcept;

template <class Body>
int32_t guarded(Body&& body) noexcept {
  try {
    body();
    return SQS_OK;
  } catch (...) {
    return record_exception();
  }
}

}  // namespace sqs
