// What needs CUDA's own headers. Everything else runs on a GPU through libtorch's dispatcher, without a line here.
#include <ATen/detail/CUDAHooksInterface.h>

#include "guard.h"
#include "sqstorch.h"
#include "torch_headers.h"

#ifdef SQS_CUDA
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

namespace {

// A graph is captured on a stream of its own, as CUDA demands.
struct Graph {
  at::cuda::CUDAGraph graph;
  c10::optional<c10::cuda::CUDAStreamGuard> stream;
};

Graph& graph_of(void* handle) { return *static_cast<Graph*>(handle); }

}  // namespace

#define SQS_WITH_CUDA(...) return sqs::guarded([&] { __VA_ARGS__; })
#else
#define SQS_WITH_CUDA(...) \
  return sqs::guarded([] { throw std::runtime_error("this libsqstorch was built without CUDA"); })
#endif

int32_t sqs_cuda_device_count(int32_t* out) {
  return sqs::guarded([&] { *out = at::hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0; });
}

int32_t sqs_cuda_synchronize(void) { SQS_WITH_CUDA(c10::cuda::device_synchronize()); }

int32_t sqs_cuda_empty_cache(void) { SQS_WITH_CUDA(c10::cuda::CUDACachingAllocator::emptyCache()); }

int32_t sqs_cuda_memory_stats([[maybe_unused]] int32_t device_index, [[maybe_unused]] int64_t* out) {
  SQS_WITH_CUDA(const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(
                    static_cast<c10::DeviceIndex>(device_index));
                out[0] = stats.allocated_bytes[0].current; out[1] = stats.allocated_bytes[0].peak;
                out[2] = stats.reserved_bytes[0].current; out[3] = stats.reserved_bytes[0].peak;
                out[4] = stats.num_ooms);
}

int32_t sqs_cuda_reset_peak_memory_stats([[maybe_unused]] int32_t device_index) {
  SQS_WITH_CUDA(c10::cuda::CUDACachingAllocator::resetPeakStats(static_cast<c10::DeviceIndex>(device_index)));
}

int32_t sqs_cuda_set_option(int32_t option, uint8_t value) {
  return sqs::guarded([&] {
    auto& context = at::globalContext();
    const bool on = value != 0;
    switch (option) {
      case 0:
        return context.setBenchmarkCuDNN(on);
      case 1:
        return context.setDeterministicCuDNN(on);
      case 2:
        return context.setAllowTF32CuBLAS(on);
      case 3:
        return context.setAllowTF32CuDNN(on);
      default:
        TORCH_CHECK(false, "unknown option ", option);
    }
  });
}

int32_t sqs_cuda_graph_create([[maybe_unused]] void** out) { SQS_WITH_CUDA(*out = new Graph); }

int32_t sqs_cuda_graph_begin([[maybe_unused]] void* graph) {
  SQS_WITH_CUDA(c10::cuda::device_synchronize(); graph_of(graph).stream.emplace(c10::cuda::getStreamFromPool(false));
                graph_of(graph).graph.capture_begin());
}

int32_t sqs_cuda_graph_end([[maybe_unused]] void* graph) {
  SQS_WITH_CUDA(graph_of(graph).graph.capture_end(); graph_of(graph).stream.reset());
}

int32_t sqs_cuda_graph_replay([[maybe_unused]] void* graph) { SQS_WITH_CUDA(graph_of(graph).graph.replay()); }

int32_t sqs_cuda_graph_free([[maybe_unused]] void* graph) { SQS_WITH_CUDA(delete static_cast<Graph*>(graph)); }
