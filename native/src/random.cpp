#include "random.h"

#include <map>
#include <mutex>

#include "convert.h"
#include "guard.h"
#include "sqstorch.h"

namespace {

struct ThreadGenerators {
  // Unseeded threads start from fresh entropy, as PyTorch does.
  uint64_t seed = c10::detail::getNonDeterministicRandom();
  std::map<std::pair<c10::DeviceType, c10::DeviceIndex>, at::Generator> by_device;
};

ThreadGenerators& generators() {
  thread_local ThreadGenerators instance;
  return instance;
}

}  // namespace

at::Generator& sqs::thread_generator(c10::Device device) {
  auto& [seed, by_device] = generators();
  // "cuda" without a number is the current device; its default generator knows which.
  const auto& standard = at::globalContext().defaultGenerator(device);
  const auto key = std::make_pair(device.type(), standard.device().index());
  auto found = by_device.find(key);
  if (found == by_device.end()) {
    found = by_device.emplace(key, standard.clone()).first;
    found->second.set_current_seed(seed);
  }
  return found->second;
}

int32_t sqs_random_manual_seed(int64_t seed) {
  return sqs::guarded([&] {
    auto& [kept, by_device] = generators();
    kept = static_cast<uint64_t>(seed);
    for (auto generator = by_device.begin(); generator != by_device.end();) {
      if (generator->first.first == c10::DeviceType::CUDA) {
        // Recorded graphs go on drawing from this very object.
        generator++->second.set_current_seed(kept);
      } else {
        // A generator whose state was set to another layout is made anew rather than reset.
        generator = by_device.erase(generator);
      }
    }
  });
}

int32_t sqs_random_get_state(int32_t device_type, int32_t device_index, sqs_tensor* out) {
  return sqs::guarded([&] {
    auto& generator = sqs::thread_generator(sqs::device(device_type, device_index));
    std::lock_guard<std::mutex> lock(generator.mutex());
    *out = sqs::give(generator.get_state());
  });
}

int32_t sqs_random_set_state(int32_t device_type, int32_t device_index, sqs_tensor state) {
  return sqs::guarded([&] {
    auto& generator = sqs::thread_generator(sqs::device(device_type, device_index));
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(sqs::borrow(state));
  });
}

int32_t sqs_random_rand(const int64_t* size, int64_t size_count, int32_t dtype, int32_t device_type,
                        int32_t device_index, sqs_tensor* out) {
  return sqs::guarded([&] {
    *out = sqs::give(at::rand(at::IntArrayRef(size, size_count),
                              sqs::thread_generator(sqs::device(device_type, device_index)),
                              sqs::options(dtype, device_type, device_index)));
  });
}

int32_t sqs_random_randn(const int64_t* size, int64_t size_count, int32_t dtype, int32_t device_type,
                         int32_t device_index, sqs_tensor* out) {
  return sqs::guarded([&] {
    *out = sqs::give(at::randn(at::IntArrayRef(size, size_count),
                               sqs::thread_generator(sqs::device(device_type, device_index)),
                               sqs::options(dtype, device_type, device_index)));
  });
}

int32_t sqs_random_randint(int64_t low, int64_t high, const int64_t* size, int64_t size_count, int32_t dtype,
                           int32_t device_type, int32_t device_index, sqs_tensor* out) {
  return sqs::guarded([&] {
    *out = sqs::give(at::randint(low, high, at::IntArrayRef(size, size_count),
                                 sqs::thread_generator(sqs::device(device_type, device_index)),
                                 sqs::options(dtype, device_type, device_index)));
  });
}

int32_t sqs_random_randperm(int64_t count, int32_t device_type, int32_t device_index, sqs_tensor* out) {
  return sqs::guarded([&] {
    *out = sqs::give(at::randperm(count, sqs::thread_generator(sqs::device(device_type, device_index)),
                                  sqs::options(static_cast<int32_t>(at::kLong), device_type, device_index)));
  });
}

int32_t sqs_random_dropout(sqs_tensor input, double p, uint8_t whole_channels, sqs_tensor* out) {
  return sqs::guarded([&] {
    const auto& x = sqs::borrow(input);
    TORCH_CHECK(p >= 0 && p <= 1, "dropout probability has to be between 0 and 1, but got ", p);
    TORCH_CHECK(!whole_channels || x.dim() >= 2, "dropout of channels needs an input (B, C, ...)");
    if (p == 0 || x.numel() == 0) {
      *out = sqs::give(x.alias());
      return;
    }
    if (p == 1) {
      *out = sqs::give(x.mul(at::zeros({}, x.options())));
      return;
    }
    at::Tensor noise;
    if (whole_channels) {
      std::vector<int64_t> shape(x.dim(), 1);
      shape[0] = x.size(0);
      shape[1] = x.size(1);
      noise = at::empty(shape, x.options());
    } else {
      noise = at::empty_like(x);
    }
    noise.bernoulli_(1 - p, sqs::generator_for(x)).div_(1 - p);
    *out = sqs::give(x.mul(noise));
  });
}
