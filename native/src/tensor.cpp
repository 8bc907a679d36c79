// Lifetime, metadata, host copies and creation of tensors.
#include "convert.h"
#include "guard.h"
#include "sqstorch.h"

namespace {

thread_local std::vector<at::Tensor> kept_results;

void release(sqs_tensor handle) {
  if (handle) c10::raw::intrusive_ptr::decref(static_cast<c10::TensorImpl*>(handle));
}

int64_t bytes_of(const at::Tensor& tensor) {
  return tensor.numel() * static_cast<int64_t>(tensor.element_size());
}

}  // namespace

int64_t sqs::keep_results(std::vector<at::Tensor> results) {
  kept_results = std::move(results);
  return static_cast<int64_t>(kept_results.size());
}

int32_t sqs_tensor_release(sqs_tensor tensor) {
  return sqs::guarded([&] { release(tensor); });
}

int32_t sqs_tensor_release_many(const sqs_tensor* tensors, int64_t count) {
  return sqs::guarded([&] {
    for (int64_t i = 0; i < count; i++) release(tensors[i]);
  });
}

int32_t sqs_tensor_take_results(sqs_tensor* out, int64_t count) {
  return sqs::guarded([&] {
    TORCH_CHECK(count == static_cast<int64_t>(kept_results.size()), "results were already taken");
    for (auto& result : kept_results) *out++ = sqs::give(std::move(result));
    kept_results.clear();
  });
}

int32_t sqs_tensor_alias(sqs_tensor tensor, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(sqs::borrow(tensor)); });
}

int32_t sqs_tensor_dim(sqs_tensor tensor, int64_t* out) {
  return sqs::guarded([&] { *out = sqs::borrow(tensor).dim(); });
}

int32_t sqs_tensor_numel(sqs_tensor tensor, int64_t* out) {
  return sqs::guarded([&] { *out = sqs::borrow(tensor).numel(); });
}

int32_t sqs_tensor_size(sqs_tensor tensor, int64_t dim, int64_t* out) {
  return sqs::guarded([&] { *out = sqs::borrow(tensor).size(dim); });
}

int32_t sqs_tensor_sizes(sqs_tensor tensor, int64_t* out, int64_t capacity) {
  return sqs::guarded([&] {
    const auto sizes = sqs::borrow(tensor).sizes();
    TORCH_CHECK(static_cast<int64_t>(sizes.size()) <= capacity, "more dimensions than room for them");
    std::copy(sizes.begin(), sizes.end(), out);
  });
}

int32_t sqs_tensor_strides(sqs_tensor tensor, int64_t* out, int64_t capacity) {
  return sqs::guarded([&] {
    const auto strides = sqs::borrow(tensor).strides();
    TORCH_CHECK(static_cast<int64_t>(strides.size()) <= capacity, "more dimensions than room for them");
    std::copy(strides.begin(), strides.end(), out);
  });
}

int32_t sqs_tensor_dtype(sqs_tensor tensor, int32_t* out) {
  return sqs::guarded([&] { *out = static_cast<int32_t>(sqs::borrow(tensor).scalar_type()); });
}

int32_t sqs_tensor_element_size(sqs_tensor tensor, int64_t* out) {
  return sqs::guarded([&] { *out = static_cast<int64_t>(sqs::borrow(tensor).element_size()); });
}

int32_t sqs_tensor_device(sqs_tensor tensor, int32_t* out_type, int32_t* out_index) {
  return sqs::guarded([&] {
    const auto device = sqs::borrow(tensor).device();
    *out_type = static_cast<int32_t>(device.type());
    *out_index = device.index();
  });
}

int32_t sqs_tensor_is_contiguous(sqs_tensor tensor, int32_t memory_format, uint8_t* out) {
  return sqs::guarded(
      [&] { *out = sqs::borrow(tensor).is_contiguous(static_cast<at::MemoryFormat>(memory_format)) ? 1 : 0; });
}

int32_t sqs_tensor_data_ptr(sqs_tensor tensor, void** out) {
  return sqs::guarded([&] { *out = sqs::borrow(tensor).data_ptr(); });
}

int32_t sqs_tensor_item_double(sqs_tensor tensor, double* out) {
  return sqs::guarded([&] { *out = sqs::borrow(tensor).item().toDouble(); });
}

int32_t sqs_tensor_item_long(sqs_tensor tensor, int64_t* out) {
  return sqs::guarded([&] { *out = sqs::borrow(tensor).item().toLong(); });
}

int32_t sqs_tensor_copy_to_host(sqs_tensor tensor, void* destination, int64_t bytes) {
  return sqs::guarded([&] {
    const auto dense = sqs::borrow(tensor).detach().to(at::kCPU).contiguous();
    TORCH_CHECK(bytes_of(dense) == bytes, "tensor has ", bytes_of(dense), " bytes, destination ", bytes);
    if (bytes > 0) std::memcpy(destination, dense.data_ptr(), bytes);
  });
}

int32_t sqs_tensor_copy_from_host(sqs_tensor tensor, const void* source, int64_t bytes) {
  return sqs::guarded([&] {
    c10::NoGradGuard no_grad;
    auto& target = sqs::borrow(tensor);
    TORCH_CHECK(bytes_of(target) == bytes, "tensor has ", bytes_of(target), " bytes, source ", bytes);
    if (bytes > 0) target.copy_(at::from_blob(const_cast<void*>(source), target.sizes(), target.scalar_type()));
  });
}

int32_t sqs_tensor_to(sqs_tensor tensor, int32_t device_type, int32_t device_index, int32_t dtype,
                      uint8_t non_blocking, int32_t memory_format, sqs_tensor* out) {
  return sqs::guarded([&] {
    const auto& source = sqs::borrow(tensor);
    const auto target = dtype < 0 ? static_cast<int32_t>(source.scalar_type()) : dtype;
    *out = sqs::give(source.to(sqs::options(target, device_type, device_index), non_blocking != 0, false,
                               sqs::optional_memory_format(memory_format)));
  });
}

int32_t sqs_tensor_pin_memory(sqs_tensor tensor, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(sqs::borrow(tensor).pin_memory()); });
}

int32_t sqs_tensor_set_data(sqs_tensor tensor, sqs_tensor data) {
  return sqs::guarded([&] { sqs::borrow(tensor).set_data(sqs::borrow(data)); });
}

int32_t sqs_create_empty(const int64_t* size, int64_t size_count, int32_t dtype, int32_t device_type,
                         int32_t device_index, int32_t memory_format, sqs_tensor* out) {
  return sqs::guarded([&] {
    *out = sqs::give(at::empty(at::IntArrayRef(size, size_count), sqs::options(dtype, device_type, device_index),
                               sqs::optional_memory_format(memory_format)));
  });
}

int32_t sqs_create_full(const int64_t* size, int64_t size_count, sqs_scalar fill, int32_t dtype, int32_t device_type,
                        int32_t device_index, sqs_tensor* out) {
  return sqs::guarded([&] {
    *out = sqs::give(at::full(at::IntArrayRef(size, size_count), sqs::scalar(fill),
                              sqs::options(dtype, device_type, device_index)));
  });
}

int32_t sqs_create_arange(sqs_scalar start, sqs_scalar stop, sqs_scalar step, int32_t dtype, int32_t device_type,
                          int32_t device_index, sqs_tensor* out) {
  return sqs::guarded([&] {
    *out = sqs::give(at::arange(sqs::scalar(start), sqs::scalar(stop), sqs::scalar(step),
                                sqs::options(dtype, device_type, device_index)));
  });
}

int32_t sqs_create_linspace(double start, double stop, int64_t steps, int32_t dtype, int32_t device_type,
                            int32_t device_index, sqs_tensor* out) {
  return sqs::guarded([&] {
    *out = sqs::give(at::linspace(start, stop, steps, sqs::options(dtype, device_type, device_index)));
  });
}

int32_t sqs_create_eye(int64_t rows, int64_t columns, int32_t dtype, int32_t device_type, int32_t device_index,
                       sqs_tensor* out) {
  return sqs::guarded(
      [&] { *out = sqs::give(at::eye(rows, columns, sqs::options(dtype, device_type, device_index))); });
}

int32_t sqs_create_from_host(const void* source, int64_t bytes, const int64_t* size, int64_t size_count, int32_t dtype,
                             int32_t device_type, int32_t device_index, sqs_tensor* out) {
  return sqs::guarded([&] {
    const auto target = sqs::device(device_type, device_index);
    // From page-locked memory the copy runs beside the host, which need not wait for what the GPU has still to do.
    const auto host = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)).pinned_memory(target.is_cuda());
    auto tensor = at::empty(at::IntArrayRef(size, size_count), host);
    TORCH_CHECK(bytes_of(tensor) == bytes, "shape has ", bytes_of(tensor), " bytes, source ", bytes);
    if (bytes > 0) std::memcpy(tensor.data_ptr(), source, bytes);
    if (!target.is_cpu()) {
      // Within a recording the copy would read this memory again at each replay, long after it is gone.
      TORCH_CHECK(!sqs::is_capturing(), "a CUDA graph cannot hold a copy from the host");
      tensor = tensor.to(target, /*non_blocking=*/true);
    }
    *out = sqs::give(std::move(tensor));
  });
}
