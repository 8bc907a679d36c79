#include "guard.h"

#include <string>

#include "sqstorch.h"
#include "torch_headers.h"

namespace {

thread_local std::string last_message;

// libtorch reports exhausted memory in several ways, some of them as a plain c10::Error.
bool speaks_of_memory(const std::string& message) {
  return message.find("can't allocate memory") != std::string::npos ||
         message.find("out of memory") != std::string::npos;
}

}  // namespace

int32_t sqs::record_exception() noexcept {
  try {
    throw;
  } catch (const c10::OutOfMemoryError& e) {
    last_message = e.what_without_backtrace();
    return SQS_ERROR_OUT_OF_MEMORY;
  } catch (const c10::IndexError& e) {
    last_message = e.what_without_backtrace();
    return SQS_ERROR_INDEX;
  } catch (const c10::Error& e) {
    last_message = e.what_without_backtrace();
    return speaks_of_memory(last_message) ? SQS_ERROR_OUT_OF_MEMORY : SQS_ERROR_TORCH;
  } catch (const std::bad_alloc&) {
    last_message = "out of memory (std::bad_alloc)";
    return SQS_ERROR_OUT_OF_MEMORY;
  } catch (const std::exception& e) {
    last_message = e.what();
    return SQS_ERROR_STANDARD;
  } catch (...) {
    last_message = "a C++ exception of unknown type";
    return SQS_ERROR_FOREIGN;
  }
}

const char* sqs_error_message(void) { return last_message.c_str(); }

int32_t sqs_error_raise(int32_t kind) {
  return sqs::guarded([&] {
    switch (kind) {
      case 0:
        TORCH_CHECK(false, "raised for a test");
      case 1:
        throw std::bad_alloc();
      case 2:
        throw std::length_error("raised for a test");
      default:
        throw 42;
    }
  });
}
