// What needs CUDA's own headers. Everything else runs on a GPU through libtorch's dispatcher, without a line here.
#include <ATen/detail/CUDAHooksInterface.h>

#include "convert.h"
#include "guard.h"
#include "random.h"
#include "sqstorch.h"

#ifdef SQS_CUDA
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGraphsC10Utils.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>

namespace {

at::cuda::CUDAGraph& graph_of(void* handle) { return *static_cast<at::cuda::CUDAGraph*>(handle); }

}  // namespace

bool sqs::is_capturing() {
  return c10::cuda::currentStreamCaptureStatusMayInitCtx() != c10::cuda::CaptureStatus::None;
}

#define SQS_WITH_CUDA(...) return sqs::guarded([&] { __VA_ARGS__; })
#else
bool sqs::is_capturing() { return false; }

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

int32_t sqs_cuda_mem_get_info([[maybe_unused]] int32_t device_index, [[maybe_unused]] int64_t* out) {
  SQS_WITH_CUDA(const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(device_index)); size_t free = 0;
                size_t total = 0; C10_CUDA_CHECK(cudaMemGetInfo(&free, &total));
                out[0] = static_cast<int64_t>(free); out[1] = static_cast<int64_t>(total));
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

int32_t sqs_cuda_stream_enter([[maybe_unused]] int32_t device_index, [[maybe_unused]] void** out) {
  SQS_WITH_CUDA(*out = new c10::cuda::CUDAStreamGuard(
                    c10::cuda::getStreamFromPool(false, static_cast<c10::DeviceIndex>(device_index))));
}

int32_t sqs_cuda_stream_exit([[maybe_unused]] void* stream) {
  SQS_WITH_CUDA(delete static_cast<c10::cuda::CUDAStreamGuard*>(stream));
}

int32_t sqs_cuda_graph_create([[maybe_unused]] void** out) { SQS_WITH_CUDA(*out = new at::cuda::CUDAGraph); }

int32_t sqs_cuda_graph_begin([[maybe_unused]] void* graph, [[maybe_unused]] void* sharing) {
  SQS_WITH_CUDA(
      const auto pool = sharing ? graph_of(sharing).pool() : at::cuda::MempoolId_t{0, 0};
      // Other threads, each with its own trial, may allocate and copy meanwhile.
      const auto mode = cudaStreamCaptureModeThreadLocal;
#if SQS_TORCH_AT_LEAST(2, 4)
      graph_of(graph).register_generator_state(
          sqs::thread_generator({c10::DeviceType::CUDA, c10::cuda::current_device()}));
#endif
      graph_of(graph).capture_begin(pool, mode));
}

int32_t sqs_cuda_graph_end([[maybe_unused]] void* graph) { SQS_WITH_CUDA(graph_of(graph).capture_end()); }

int32_t sqs_cuda_graph_replay([[maybe_unused]] void* graph) { SQS_WITH_CUDA(graph_of(graph).replay()); }

int32_t sqs_cuda_graph_free([[maybe_unused]] void* graph) { SQS_WITH_CUDA(delete &graph_of(graph)); }
