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

#include <algorithm>
#include <mutex>
#include <vector>

namespace {

at::cuda::CUDAGraph& graph_of(void* handle) { return *static_cast<at::cuda::CUDAGraph*>(handle); }

// Streams come from a pool of 32 for each device, which gives them out by turns, those in use too: these are passed over.
constexpr int kPooledStreams = 32;
std::mutex streams_lock;
std::vector<c10::cuda::CUDAStream> streams_in_use;

c10::cuda::CUDAStream take_stream(c10::DeviceIndex device) {
  const std::lock_guard<std::mutex> lock(streams_lock);
  auto stream = c10::cuda::getStreamFromPool(false, device);
  const auto in_use = [&] {
    return std::find(streams_in_use.begin(), streams_in_use.end(), stream) != streams_in_use.end();
  };
  for (int tried = 1; tried < kPooledStreams && in_use(); ++tried) stream = c10::cuda::getStreamFromPool(false, device);
  streams_in_use.push_back(stream);
  return stream;
}

void give_back(const c10::cuda::CUDAStream& stream) {
  const std::lock_guard<std::mutex> lock(streams_lock);
  const auto found = std::find(streams_in_use.begin(), streams_in_use.end(), stream);
  if (found != streams_in_use.end()) streams_in_use.erase(found);
}

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

// The calling thread's stream alone: waiting for the whole device would break what another thread is recording.
int32_t sqs_cuda_synchronize(void) { SQS_WITH_CUDA(c10::cuda::getCurrentCUDAStream().synchronize()); }

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
  SQS_WITH_CUDA(*out = new c10::cuda::CUDAStreamGuard(take_stream(static_cast<c10::DeviceIndex>(device_index))));
}

int32_t sqs_cuda_stream_exit([[maybe_unused]] void* stream) {
  SQS_WITH_CUDA(auto* guard = static_cast<c10::cuda::CUDAStreamGuard*>(stream); give_back(guard->current_stream());
                delete guard);
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
