// A caching allocator for CPU memory. glibc maps every large activation afresh and gives it back at once, and the page
// faults of that cost a convolution step more than its arithmetic. Blocks from kLarge bytes on are cut from segments that
// are kept, and grow together with their neighbours when they are free again; below that glibc's own lists do.
// (A threshold of 1 MiB left thousands of faults in a step of small images, 16 KiB three. Whole blocks that were kept by
// their sizes, without cutting, thrashed where little is in use at once: a forward pass took eight times as long.)
#include <c10/core/CPUAllocator.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <set>

#include "guard.h"
#include "sqstorch.h"
#include "torch_headers.h"

namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kLarge = size_t{16} << 10;
constexpr size_t kPage = 4096;

// What is smaller than this has segments of its own, or it would hold on to parts of the large ones.
constexpr size_t kHuge = size_t{1} << 20;
constexpr size_t kSmallSegment = size_t{8} << 20;
constexpr size_t kLargeSegment = size_t{32} << 20;

// Beyond half more than tensors ever needed at once, plus this, segments of a work that is over are given back.
constexpr size_t kSlack = size_t{256} << 20;

// Stands in the bytes before every block.
struct alignas(kAlignment) Header {
  size_t size;       // of the whole block, header included
  Header* previous;  // the block before it in its segment; null at the segment's beginning
  uint64_t since;    // when it became free
  bool large;        // part of a segment
  bool huge;         // part of a segment of large blocks
  bool last;         // the segment ends with it
  bool is_free;

  Header* next() { return last ? nullptr : reinterpret_cast<Header*>(reinterpret_cast<char*>(this) + size); }
  bool whole() const { return previous == nullptr && last; }
};
static_assert(sizeof(Header) == kAlignment);

struct BySize {
  using is_transparent = void;
  bool operator()(const Header* a, const Header* b) const {
    return a->size != b->size ? a->size < b->size : std::less<const Header*>()(a, b);
  }
  bool operator()(const Header* a, size_t size) const { return a->size < size; }
};

size_t rounded(size_t bytes, size_t step) { return (bytes + step - 1) / step * step; }

class Pool {
 public:
  void* allocate(size_t bytes) {
    TORCH_CHECK_WITH(OutOfMemoryError, bytes < (size_t{1} << 48), "CPU allocator: can't allocate memory: ", bytes,
                     " bytes");
    const size_t whole = bytes + sizeof(Header);
    return whole < kLarge ? allocate_small(whole) : allocate_large(rounded(whole, kPage));
  }

  void release(void* data) {
    auto* block = static_cast<Header*>(data) - 1;
    in_use_ -= block->size;
    if (!block->large) {
      std::free(block);
      return;
    }
    std::lock_guard<std::mutex> lock(mutex_);
    kept_ += block->size;
    if (auto* next = block->next(); next && next->is_free) {
      free_of(next).erase(next);
      join_next(block);
    }
    if (auto* previous = block->previous; previous && previous->is_free) {
      free_of(previous).erase(previous);
      block = previous;
      join_next(block);
    }
    block->is_free = true;
    block->since = ++clock_;
    free_of(block).insert(block);
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
  using Free = std::set<Header*, BySize>;

  Free& free_of(const Header* block) { return free_[block->huge ? 1 : 0]; }

  void* allocate_small(size_t size) {
    if (over_limit(size)) fail(size);
    void* block = nullptr;
    if (posix_memalign(&block, kAlignment, size) != 0) fail(size);
    auto* header = new (block) Header{};
    header->size = size;
    return hand_out(header);
  }

  void* allocate_large(size_t size) {
    if (over_limit(size)) fail(size);
    Header* block = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      const bool huge = size >= kHuge;
      auto& free = free_[huge ? 1 : 0];
      const auto found = free.lower_bound(size);
      if (found != free.end()) {
        block = *found;
        free.erase(found);
      } else {
        block = new_segment(size, huge);
      }
      if (block) {
        cut(block, size);
        block->is_free = false;
        kept_ -= block->size;
      }
    }
    if (!block) fail(size);
    return hand_out(block);
  }

  void* hand_out(Header* block) {
    const auto now = in_use_ += block->size;
    for (auto seen = peak_.load(); seen < now && !peak_.compare_exchange_weak(seen, now);) {
    }
    return block + 1;
  }

  // A segment with one free block, in no list yet; null where there is no memory.
  Header* new_segment(size_t size, bool huge) {
    const size_t whole = std::max(size, huge ? kLargeSegment : kSmallSegment);
    make_room(whole);
    void* memory = map(whole);
    if (!memory) {
      give_back_until(0);
      memory = map(whole);
    }
    if (!memory) return nullptr;
    auto* block = new (memory) Header{};
    block->size = whole;
    block->large = block->last = true;
    block->huge = huge;
    kept_ += whole;
    return block;
  }

  // Leaves the block with `size` bytes, and what remains as a free block of its own where it is worth one.
  void cut(Header* block, size_t size) {
    const size_t rest = block->size - size;
    if (rest < (block->huge ? kHuge : kLarge)) return;
    auto* after = new (reinterpret_cast<char*>(block) + size) Header{};
    after->size = rest;
    after->previous = block;
    after->large = after->is_free = true;
    after->huge = block->huge;
    after->last = block->last;
    after->since = ++clock_;
    if (auto* next = after->next()) next->previous = after;
    block->size = size;
    block->last = false;
    free_of(after).insert(after);
  }

  static void join_next(Header* block) {
    const auto* next = block->next();
    block->size += next->size;
    block->last = next->last;
    if (auto* after = block->next()) after->previous = block;
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

  // Unmaps segments that are free as a whole, those unused for longest first, until at most `bytes` are kept.
  void give_back_until(size_t bytes) {
    while (kept_ > bytes) {
      Header* oldest = nullptr;
      for (const auto& free : free_)
        for (auto* block : free)
          if (block->whole() && (!oldest || block->since < oldest->since)) oldest = block;
      if (!oldest) return;
      free_of(oldest).erase(oldest);
      kept_ -= oldest->size;
      munmap(oldest, oldest->size);
    }
  }

  std::mutex mutex_;
  Free free_[2];  // of segments of small and of large blocks
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
