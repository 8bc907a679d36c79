#pragma once
#include "torch_headers.h"

namespace sqs {

// The calling thread's own generator for a device. libtorch has one generator per device for the whole process;
// trials that train side by side would disturb each other's draws.
at::Generator& thread_generator(c10::Device device);

inline at::Generator& generator_for(const at::Tensor& tensor) { return thread_generator(tensor.device()); }

}  // namespace sqs
