using static SqsNet.Torch.torch;
using F = SqsNet.Torch.torch.nn.functional;

namespace SqsNet.Torch.Tests;

/// <summary>Whatever the arguments, a failure is a managed exception and the process lives on.</summary>
public sealed class FailureTests : ScopedTest
{
    public static TheoryData<string> Mistakes => [.. Calls.Keys];

    private static Dictionary<string, Action> Calls { get; } =
        new()
        {
            ["shapes do not fit"] = () => zeros(2, 3).matmul(zeros(2, 3)),
            ["sizes do not broadcast"] = () => _ = zeros(2) + zeros(3),
            ["negative size"] = () => zeros(-1, 2),
            ["view of another count"] = () => zeros(6).view(4),
            ["no such dimension"] = () => zeros(2).sum(3),
            ["size of no dimension"] = () => zeros(2).size(5),
            ["index out of range"] = () => _ = zeros(2)[7],
            ["narrow beyond the end"] = () => zeros(2).narrow(0, 1, 5),
            ["index of another type"] = () => zeros(2, 2).index_select(0, zeros(1)),
            ["class out of range"] = () => F.cross_entropy(zeros(2, 3), tensor<long>([0, 9])),
            ["embedding out of range"] = () => F.embedding(tensor<long>([5]), zeros(2, 2)),
            ["too few channels"] = () => F.conv2d(zeros(1, 2, 4, 4), zeros(1, 3, 1, 1)),
            ["kernel larger than image"] = () => F.conv2d(zeros(1, 1, 2, 2), zeros(1, 1, 5, 5)),
            ["groups do not divide"] = () => F.conv2d(zeros(1, 4, 4, 4), zeros(3, 2, 1, 1), groups: 2),
            ["stride zero"] = () => F.conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 1, 1), stride: 0),
            ["item of many"] = () => zeros(2).ToDouble(),
            ["item of none"] = () => zeros(0).ToDouble(),
            ["index of no dimension at all"] = () => zeros(2).index([null, null, null, null]),
            ["empty cat"] = () => cat([]),
            ["empty stack"] = () => stack([]),
            ["cat of types that differ in rank"] = () => cat([zeros(2, 2), zeros(3)], 0),
            ["backward of many"] = () => zeros(2).requires_grad_().mul(2).backward(),
            ["backward without record"] = () => zeros(1).sum().backward(),
            ["backward twice"] = () =>
            {
                var y = zeros(1).requires_grad_().exp().sum();
                y.backward();
                y.backward();
            },
            ["gradient of integers"] = () => tensor<long>([1]).requires_grad_(),
            ["in-place on a leaf"] = () => zeros(1).requires_grad_().add_(1),
            ["data of another length"] = () => tensor<float>([1, 2, 3], [2, 2]),
            ["copy of another length"] = () => zeros(3).CopyTo(new float[2].AsSpan()),
            ["copy from another length"] = () => zeros(3).CopyFrom<float>([1]),
            ["unknown einsum"] = () => einsum("ab,bc->zz", [zeros(1, 1), zeros(1, 1)]),
            ["unknown padding mode"] = () => F.pad(zeros(1, 1, 2, 2), [1, 1], "nonsense"),
            ["topk beyond the size"] = () => zeros(2).topk(3),
            ["empty range"] = () => arange(5, 1),
            ["probability above one"] = () => F.dropout(zeros(2), 1.5),
            ["random range without numbers"] = () => randint(3, 3, [1]),
            ["permutation of a negative count"] = () => randperm(-1),
            ["GPU that is not there"] = () => zeros(1).to(new Device(DeviceType.CUDA, 99)),
            ["attention with two masks"] = () =>
                F.scaled_dot_product_attention(zeros(1, 2, 2), zeros(1, 2, 2), zeros(1, 2, 2), zeros(2, 2), 0, true),
            ["element type out of range"] = () => zeros(1).to((ScalarType)77),
            ["no threads"] = () => set_num_threads(0),
            ["generator state of another kind"] = () => random.set_rng_state(zeros([3], uint8)),
            ["gigantic tensor"] = () => zeros(1L << 40, 1L << 10),
            ["size that overflows"] = () => zeros(1L << 62, 1L << 62),
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_becomes_a_TorchException(string name)
    {
        var failure = Should.Throw<TorchException>(Calls[name]);
        failure.Message.Length.ShouldBeInRange(10, 2000);
        failure.Operation.ShouldNotBeEmpty();
        (zeros(2) + 1).sum().ToDouble().ShouldBe(2);
    }

    [Fact]
    public void The_exception_names_the_operation_and_the_shapes()
    {
        var failure = Should.Throw<TorchException>(() => F.conv2d(zeros(1, 2, 4, 4), zeros(1, 3, 1, 1)));
        failure.Operation.ShouldBe("conv2d");
        failure.Inputs.ShouldBe(["(1, 2, 4, 4) Float32", "(1, 3, 1, 1) Float32", "none"]);
        failure.Kind.ShouldBe(TorchErrorKind.Torch);
        failure.Message.ShouldStartWith("conv2d: ");
        failure.Message.ShouldContain("(1, 2, 4, 4) Float32");
        failure.Message.ShouldNotContain("frame #");
    }

    [Theory]
    [InlineData(0, TorchErrorKind.Torch)]
    [InlineData(1, TorchErrorKind.OutOfMemory)]
    [InlineData(2, TorchErrorKind.Standard)]
    [InlineData(3, TorchErrorKind.Foreign)]
    public void Every_kind_of_native_exception_is_caught(int raised, TorchErrorKind kind)
    {
        var status = NativeMethods.sqs_error_raise(raised);
        TorchException.Of(status, "test").Kind.ShouldBe(kind);
    }

    [Fact]
    public void Null_is_refused_by_name()
    {
        Should.Throw<ArgumentNullException>(() => matmul(zeros(1), null!)).ParamName.ShouldBe("other");
        Should.Throw<ArgumentNullException>(() => cat([zeros(1), null!]));
        Should.Throw<ArgumentNullException>(() => _ = zeros(1) + (Tensor)null!);
        Should.Throw<ArgumentNullException>(() => einsum(null!, [zeros(1)]));
    }

    [Fact]
    public void A_disposed_tensor_is_refused_everywhere()
    {
        var gone = zeros(2);
        gone.Dispose();
        Should.Throw<ObjectDisposedException>(() => gone.shape);
        Should.Throw<ObjectDisposedException>(() => gone.sum());
        Should.Throw<ObjectDisposedException>(() => cat([zeros(2), gone]));
        Should.Throw<ObjectDisposedException>(() => gone.ToArray<float>());
        Should.Throw<ObjectDisposedException>(() => gone.backward());
        gone.ToString().ShouldBe("Tensor(disposed)");
    }

    [Fact]
    public void Elements_are_read_only_as_what_they_are()
    {
        Should
            .Throw<InvalidOperationException>(() => zeros(2).ToArray<double>())
            .Message.ShouldContain("Float32, not Float64");
        Should.Throw<InvalidOperationException>(() => zeros(2).ToArray<long>());
        Should.Throw<NotSupportedException>(() => zeros(2).ToArray<char>());
        Should.Throw<NotSupportedException>(() => tensor<decimal>([1m]));
        Should.Throw<OverflowException>(() => tensor<long>([1L << 40]).ToInt32());
    }

    [Fact]
    public void Random_shapes_never_crash()
    {
        var random = new Random(7);
        var (worked, failed) = (0, 0);
        for (var i = 0; i < 60; i++)
        {
            using var scope = NewDisposeScope();
            var (a, b) = (Any(random), Any(random));
            foreach (
                var call in (Func<Tensor>[])
                    [
                        () => a + b,
                        () => a.matmul(b),
                        () => cat([a, b], random.Next(-4, 4)),
                        () => F.conv2d(a, b, stride: random.Next(-1, 3)),
                        () => F.layer_norm(a, b.shape),
                        () => a.view(b.shape),
                        () => F.cross_entropy(a, b),
                        () => a.gather(random.Next(-3, 3), b),
                        () => a.index([b]),
                        () => F.softmax(a, random.Next(-5, 5)),
                    ]
            )
            {
                try
                {
                    call().to(float64).sum().ToDouble();
                    worked++;
                }
                catch (TorchException)
                {
                    failed++;
                }
            }
        }
        worked.ShouldBeGreaterThan(20);
        failed.ShouldBeGreaterThan(20);
    }

    private static Tensor Any(Random random)
    {
        var shape = Enumerable.Range(0, random.Next(5)).Select(_ => (long)random.Next(4)).ToArray();
        return random.Next(3) switch
        {
            0 => zeros(shape, int64),
            1 => zeros(shape, float64),
            _ => randn(shape),
        };
    }
}
