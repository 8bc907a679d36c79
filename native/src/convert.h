// From C arguments to libtorch's and back. A handle is a bare TensorImpl*, and at::Tensor is exactly one such pointer,
// so that arguments and whole lists of them are borrowed without copies and without touching reference counts.
#pragma once
#include <cmath>
#include <cstring>
#include <vector>

#include "sqstorch_types.h"
#include "torch_headers.h"

static_assert(sizeof(at::Tensor) == sizeof(void*), "at::Tensor is one pointer");

namespace sqs {

inline at::Tensor& borrow(sqs_tensor& handle) {
  if (!handle) handle = c10::UndefinedTensorImpl::singleton();
  return reinterpret_cast<at::Tensor&>(handle);
}

inline c10::optional<at::Tensor> optional_tensor(sqs_tensor& handle) {
  if (!handle) return c10::nullopt;
  return borrow(handle);
}

inline at::TensorList tensors(const sqs_tensor* handles, int64_t count) {
  return {reinterpret_cast<const at::Tensor*>(handles), static_cast<size_t>(count)};
}

inline c10::List<c10::optional<at::Tensor>> optional_tensors(const sqs_tensor* handles, int64_t count) {
  c10::List<c10::optional<at::Tensor>> list;
  list.reserve(count);
  for (int64_t i = 0; i < count; i++) {
    sqs_tensor handle = handles[i];
    list.push_back(optional_tensor(handle));
  }
  return list;
}

inline at::Scalar scalar(sqs_scalar value) {
  switch (value.tag) {
    case 1: {
      double number;
      std::memcpy(&number, &value.bits, sizeof number);
      return number;
    }
    case 3:
      return value.bits != 0;
    default:
      return value.bits;
  }
}

inline c10::optional<at::Scalar> optional_scalar(sqs_scalar value) {
  if (value.tag == 0) return c10::nullopt;
  return scalar(value);
}

// Absent integers travel as INT64_MIN, absent doubles as NaN, absent types as a negative number.
inline c10::optional<int64_t> optional_int(int64_t value) {
  if (value == INT64_MIN) return c10::nullopt;
  return value;
}

inline c10::optional<double> optional_double(double value) {
  if (std::isnan(value)) return c10::nullopt;
  return value;
}

inline at::OptionalIntArrayRef optional_ints(const int64_t* values, int64_t count) {
  if (count == 0) return c10::nullopt;
  return at::IntArrayRef(values, count);
}

inline c10::optional<at::ScalarType> optional_dtype(int32_t value) {
  if (value < 0) return c10::nullopt;
  return static_cast<at::ScalarType>(value);
}

inline c10::optional<at::MemoryFormat> optional_memory_format(int32_t value) {
  if (value < 0) return c10::nullopt;
  return static_cast<at::MemoryFormat>(value);
}

inline c10::Device device(int32_t type, int32_t index) {
  return {static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index)};
}

inline at::TensorOptions options(int32_t dtype, int32_t device_type, int32_t device_index) {
  at::TensorOptions result;
  if (dtype >= 0) result = result.dtype(static_cast<at::ScalarType>(dtype));
  return result.device(device(device_type, device_index));
}

// Gives the caller one reference.
inline sqs_tensor give(at::Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

template <class... Tensors>
void give_all(std::tuple<Tensors...> results, sqs_tensor* out) {
  std::apply([&](auto&... result) { ((*out++ = give(std::move(result))), ...); }, results);
}

// Whether the current GPU's current stream is being recorded.
bool is_capturing();

// Keeps a list of unknown length until sqs_tensor_take_results; returns its length.
int64_t keep_results(std::vector<at::Tensor> results);

}  // namespace sqs
