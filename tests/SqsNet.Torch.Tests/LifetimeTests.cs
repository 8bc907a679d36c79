using System.Runtime.CompilerServices;
using static SqsNet.Torch.torch;

namespace SqsNet.Torch.Tests;

public sealed class LifetimeTests : ScopedTest
{
    [Fact]
    public void A_scope_frees_what_was_made_in_it()
    {
        var before = TorchRuntime.LiveTensors;
        Tensor inner;
        using (var scope = NewDisposeScope())
        {
            inner = zeros(2) + 1;
            scope.DisposablesCount.ShouldBe(2);
            TorchRuntime.LiveTensors.ShouldBe(before + 2);
        }
        TorchRuntime.LiveTensors.ShouldBe(before);
        inner.IsDisposed.ShouldBeTrue();
        Should.Throw<ObjectDisposedException>(() => inner.sum());
    }

    [Fact]
    public void A_result_moves_to_the_outer_scope()
    {
        Tensor result;
        using (NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                result = inner.MoveToOuter(ones(3));
            }
            result.sum().ToDouble().ShouldBe(3);
        }
        result.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public void A_detached_tensor_outlives_every_scope()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            kept = ones(3).DetachFromDisposeScope();
        }
        kept.sum().ToDouble().ShouldBe(3);
        kept.Dispose();
        kept.Dispose();
    }

    [Fact]
    public void Moving_twice_leaves_no_trace_in_the_scopes_between()
    {
        using var outer = NewDisposeScope();
        using (NewDisposeScope())
        {
            using var inner = NewDisposeScope();
            var tensor = ones(1);
            tensor.MoveToOuterDisposeScope();
            tensor.DetachFromDisposeScope();
            tensor.Dispose();
        }
        outer.DisposablesCount.ShouldBe(0);
    }

    [Fact]
    public void A_scope_stays_small_when_its_tensors_are_disposed_early()
    {
        using var scope = NewDisposeScope();
        var kept = ones(1);
        for (var i = 0; i < 10_000; i++)
        {
            ones(1).Dispose();
        }
        scope.DisposablesCount.ShouldBe(1);
        kept.Dispose();
        scope.DisposablesCount.ShouldBe(0);
    }

    [Fact]
    public void Another_thread_cannot_end_a_scope()
    {
        using var scope = NewDisposeScope();
        Exception? caught = null;
        var thread = new Thread(() => caught = Record.Exception(scope.Dispose));
        thread.Start();
        thread.Join();
        caught.ShouldBeOfType<InvalidOperationException>();
    }

    [Fact]
    public void An_outer_scope_cannot_end_before_its_inner_one()
    {
        var outer = NewDisposeScope();
        var inner = NewDisposeScope();
        Should.Throw<InvalidOperationException>(outer.Dispose);
        inner.Dispose();
        outer.Dispose();
    }

    [Fact]
    public void A_lost_tensor_is_freed_by_the_garbage_collector()
    {
        var before = TorchRuntime.LiveTensors;
        var thread = new Thread(Lose);
        thread.Start();
        thread.Join();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        TorchRuntime.LiveTensors.ShouldBe(before);
    }

    [Fact]
    public void A_failed_operation_leaks_nothing()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3);
        for (var i = 0; i < 10; i++)
        {
            Should.Throw<TorchException>(() => x.matmul(x));
        }
        scope.DisposablesCount.ShouldBe(1);
    }

    [Fact]
    public void Collection_during_calls_never_frees_an_argument()
    {
        // Temporaries die right after the call that uses them, while another thread collects without pause.
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect();
            }
        });
        collector.Start();
        var thread = new Thread(() =>
        {
            for (var i = 0; i < 300; i++)
            {
                (ones(64, 64) + ones(64, 64)).sum().ToDouble().ShouldBe(2 * 64 * 64);
            }
        });
        thread.Start();
        thread.Join();
        stop.Cancel();
        collector.Join();
    }

    [Fact]
    public void Memory_stays_flat_over_500_training_steps()
    {
        using var net = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding: 1),
            nn.BatchNorm2d(16),
            nn.SiLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(16, 7)
        );
        using var optimizer = optim.AdamW(net.parameters());
        var images = randn(8, 3, 48, 48);
        var labels = randint(7, [8]);
        Train(100);
        var (resident, live) = (Environment.WorkingSet, TorchRuntime.LiveTensors);
        Train(400);
        TorchRuntime.LiveTensors.ShouldBe(live);
        (Environment.WorkingSet - resident).ShouldBeLessThan(24L << 20);

        void Train(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                nn.functional.cross_entropy(net.forward(images), labels).backward();
                optimizer.step();
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lose()
    {
        for (var i = 0; i < 10; i++)
        {
            _ = ones(10) + 1;
        }
    }
}
