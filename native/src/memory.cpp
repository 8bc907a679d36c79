// A caching allocator for CPU memory. glibc maps every large activation afresh and gives it back at once, and the page
// faults of that cost a convolution step more than its arithmetic. Blocks from kLarge bytes on are kept for reuse; below
// that glibc's own lists do. (A threshold of 1 MiB left thousands of faults in a step of small images, 16 KiB three.)
#include <c10/core/CPUAllocator.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "guard.h"
#include "sqstorch.h"
#include "torch_headers.h"

namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kLarge = size_t{16} << 10;
constexpr size_t kPage = 4096;

// Beyond half more than tensors ever needed at once, plus this, blocks of a work that is over are given back.
constexpr size_t kSlack = size_t{256} << 20;

// Stands in the bytes before every block.
struct alignas(kAlignment) Header {
  size_t size;  // of the whole block, header included
  bool large;
};
static_assert(sizeof(Header) == kAlignment);

// Sizes in eight steps for each power of two: few different sizes, at most an eighth wasted.
size_t rounded(size_t bytes) {
  const size_t step = std::max(kPage, size_t{1} << (63 - __builtin_clzll(bytes) - 3));
  return (bytes + step - 1) / step * step;
}

class Pool {
 public:
  void* allocate(size_t bytes) {
    TORCH_CHECK_WITH(OutOfMemoryError, bytes < (size_t{1} << 48), "CPU allocator: can't allocate memory: ", bytes,
                     " bytes");
    const size_t whole = bytes + sizeof(Header);
    return whole < kLarge ? allocate_small(whole) : allocate_large(rounded(whole));
  }

  void release(void* data) {
    auto* header = static_cast<Header*>(data) - 1;
    in_use_ -= header->size;
    if (!header->large) {
      std::free(header);
      return;
    }
    std::lock_guard<std::mutex> lock(mutex_);
    kept_ += header->size;
    free_.emplace(header->size, Kept{header, ++clock_});
  }

  void trim() {
    std::lock_guard<std::mutex> lock(mutex_);
    give_back_until(0);
  }

  void stats(int64_t* out) {
    std::lock_guard<std::mutex> lock(mutex_);
    out[0] = static_cast<int64_t>(in_use_.load());
    out[1] = static_cast<int64_t>(peak_.load());
    out[2] = static_cast<int64_t>(kept_);
    out[3] = static_cast<int64_t>(limit_.load());
  }

  void reset_peak() { peak_ = in_use_.load(); }
  void set_limit(size_t bytes) { limit_ = bytes; }

 private:
  struct Kept {
    void* block;
    uint64_t since;
  };

  void* allocate_small(size_t size) {
    if (over_limit(size)) fail(size);
    void* block = nullptr;
    if (posix_memalign(&block, kAlignment, size) != 0) fail(size);
    return hand_out(block, size, false);
  }

  void* allocate_large(size_t size) {
    void* block = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      const auto found = free_.lower_bound(size);
      if (found != free_.end() && found->first <= size + size / 4) {
        block = found->second.block;
        size = found->first;
        kept_ -= size;
        free_.erase(found);
      } else {
        make_room(size);
        if (!over_limit(size)) block = map(size);
        if (!block) {
          give_back_until(0);
          if (!over_limit(size)) block = map(size);
        }
      }
    }
    if (!block) fail(size);
    return hand_out(block, size, true);
  }

  void* hand_out(void* block, size_t size, bool large) {
    const auto now = in_use_ += size;
    for (auto seen = peak_.load(); seen < now && !peak_.compare_exchange_weak(seen, now);) {
    }
    return new (block) Header{size, large} + 1;
  }

  bool over_limit(size_t more) const {
    const size_t limit = limit_;
    return limit != 0 && in_use_ + more > limit;
  }

  [[noreturn]] void fail(size_t size) const {
    TORCH_CHECK_WITH(OutOfMemoryError, false, "CPU allocator: can't allocate memory: ", size, " bytes asked for, ",
                     in_use_.load(), " in use, limit ", limit_.load());
    std::abort();  // unreachable: the check above throws
  }

  static void* map(size_t size) {
    void* block = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return block == MAP_FAILED ? nullptr : block;
  }

  // Before `size` more bytes are mapped.
  void make_room(size_t size) {
    const size_t limit = limit_, peak = peak_, needed = in_use_ + size;
    size_t allowed = std::max(peak, needed) + peak / 2 + kSlack;
    if (limit != 0) allowed = std::min(allowed, limit);
    give_back_until(allowed > needed ? allowed - needed : 0);
  }

  // Unmaps kept blocks, those unused for longest first, until at most `bytes` are kept.
  void give_back_until(size_t bytes) {
    while (kept_ > bytes && !free_.empty()) {
      const auto oldest = std::min_element(
          free_.begin(), free_.end(), [](const auto& a, const auto& b) { return a.second.since < b.second.since; });
      munmap(oldest->second.block, oldest->first);
      kept_ -= oldest->first;
      free_.erase(oldest);
    }
  }

  std::mutex mutex_;
  std::multimap<size_t, Kept> free_;
  uint64_t clock_ = 0;
  size_t kept_ = 0;
  std::atomic<size_t> in_use_{0}, peak_{0}, limit_{0};
};

// Never destroyed: tensors may outlive every static object.
Pool& pool() {
  static auto* instance = new Pool;
  return *instance;
}

void release_block(void* data) {
  if (data) pool().release(data);
}

class CachingAllocator final : public at::Allocator {
 public:
#if SQS_TORCH_AT_LEAST(2, 3)
  at::DataPtr allocate(size_t bytes) override {
#else
  at::DataPtr allocate(size_t bytes) const override {
#endif
    void* data = bytes == 0 ? nullptr : pool().allocate(bytes);
    return {data, data, &release_block, at::Device(at::kCPU)};
  }

  at::DeleterFnPtr raw_deleter() const override { return &release_block; }

#if SQS_TORCH_AT_LEAST(2, 2)
  void copy_data(void* destination, const void* source, std::size_t count) const override {
    default_copy_data(destination, source, count);
  }
#endif
};

}  // namespace

int32_t sqs_memory_install(void) {
  return sqs::guarded([] {
    static auto* allocator = new CachingAllocator;
    c10::SetCPUAllocator(allocator, /*priority=*/100);
  });
}

int32_t sqs_memory_set_limit(int64_t bytes) {
  return sqs::guarded([&] {
    TORCH_CHECK(bytes >= 0, "a memory limit is not negative, but got ", bytes);
    pool().set_limit(static_cast<size_t>(bytes));
  });
}

int32_t sqs_memory_stats(int64_t* out) {
  return sqs::guarded([&] { pool().stats(out); });
}

int32_t sqs_memory_reset_peak(void) {
  return sqs::guarded([] { pool().reset_peak(); });
}

int32_t sqs_memory_trim(void) {
  return sqs::guarded([] { pool().trim(); });
}
