#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include "convert.h"
#include "guard.h"
#include "sqstorch.h"

int32_t sqs_autograd_requires_grad(sqs_tensor tensor, uint8_t* out) {
  return sqs::guarded([&] { *out = sqs::borrow(tensor).requires_grad() ? 1 : 0; });
}

int32_t sqs_autograd_set_requires_grad(sqs_tensor tensor, uint8_t value) {
  return sqs::guarded([&] { sqs::borrow(tensor).requires_grad_(value != 0); });
}

int32_t sqs_autograd_is_leaf(sqs_tensor tensor, uint8_t* out) {
  return sqs::guarded([&] { *out = sqs::borrow(tensor).is_leaf() ? 1 : 0; });
}

int32_t sqs_autograd_grad(sqs_tensor tensor, sqs_tensor* out) {
  return sqs::guarded([&] { *out = sqs::give(sqs::borrow(tensor).grad()); });
}

int32_t sqs_autograd_set_grad(sqs_tensor tensor, sqs_tensor grad) {
  return sqs::guarded([&] {
    auto& owner = sqs::borrow(tensor);
    if (grad) {
      const auto& value = sqs::borrow(grad);
      TORCH_CHECK(value.sizes() == owner.sizes() && value.scalar_type() == owner.scalar_type() &&
                      value.device() == owner.device(),
                  "a gradient has the shape, element type and device of its tensor");
    }
    owner.mutable_grad() = sqs::borrow(grad);
  });
}

int32_t sqs_autograd_zero_grads(const sqs_tensor* tensors, int64_t count, uint8_t set_to_none) {
  return sqs::guarded([&] {
    for (const auto& tensor : sqs::tensors(tensors, count)) {
      auto& grad = tensor.mutable_grad();
      if (!grad.defined()) continue;
      if (set_to_none) {
        grad.reset();
      } else {
        grad.detach_();
        grad.zero_();
      }
    }
  });
}

int32_t sqs_autograd_backward(sqs_tensor tensor, sqs_tensor gradient, uint8_t retain_graph, uint8_t create_graph) {
  return sqs::guarded(
      [&] { sqs::borrow(tensor).backward(sqs::borrow(gradient), retain_graph != 0, create_graph != 0); });
}

int32_t sqs_autograd_gradients(sqs_tensor output, sqs_tensor gradient, const sqs_tensor* inputs, int64_t count,
                               uint8_t retain_graph, uint8_t create_graph, uint8_t allow_unused, sqs_tensor* out) {
  return sqs::guarded([&] {
    torch::autograd::variable_list gradients;
    if (gradient) gradients.push_back(sqs::borrow(gradient));
    auto results = torch::autograd::grad({sqs::borrow(output)}, sqs::tensors(inputs, count).vec(), gradients,
                                         retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (auto& result : results) *out++ = sqs::give(std::move(result));
  });
}

int32_t sqs_autograd_is_enabled(uint8_t* out) {
  return sqs::guarded([&] { *out = c10::GradMode::is_enabled() ? 1 : 0; });
}

int32_t sqs_autograd_set_enabled(uint8_t value) {
  return sqs::guarded([&] { c10::GradMode::set_enabled(value != 0); });
}
