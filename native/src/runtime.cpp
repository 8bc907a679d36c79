#include "convert.h"
#include "guard.h"
#include "sqstorch.h"

#include <ATen/Version.h>

int32_t sqs_runtime_version(int64_t* out) {
  return sqs::guarded([&] {
    out[0] = TORCH_VERSION_MAJOR;
    out[1] = TORCH_VERSION_MINOR;
    out[2] = TORCH_VERSION_PATCH;
#ifdef SQS_CUDA
    out[3] = 1;
#else
    out[3] = 0;
#endif
  });
}

int32_t sqs_runtime_get_num_threads(int32_t* out) {
  return sqs::guarded([&] { *out = at::get_num_threads(); });
}

int32_t sqs_runtime_set_num_threads(int32_t count) {
  return sqs::guarded([&] {
    TORCH_CHECK(count >= 1, "the number of threads is at least 1, but got ", count);
    at::set_num_threads(count);
  });
}

int32_t sqs_runtime_config(char* buffer, int64_t capacity, int64_t* out_length) {
  return sqs::guarded([&] {
    const auto text = at::show_config() + at::get_parallel_info();
    *out_length = static_cast<int64_t>(text.size());
    std::memcpy(buffer, text.data(), std::min<size_t>(text.size(), capacity));
  });
}
