using static SqsNet.Torch.torch;
using F = SqsNet.Torch.torch.nn.functional;

namespace SqsNet.Torch.Tests.Nn;

public sealed class AttentionTests : ScopedTest
{
    private readonly Tensor _query = randn([2, 3, 5, 4], float64);
    private readonly Tensor _key = randn([2, 3, 6, 4], float64);
    private readonly Tensor _value = randn([2, 3, 6, 7], float64);

    [Fact]
    public void Attention_is_softmax_of_scaled_products()
    {
        var expected = F.softmax(_query.matmul(_key.transpose(-2, -1)) / 2, -1).matmul(_value);
        F.scaled_dot_product_attention(_query, _key, _value).ShouldBeClose(expected);
    }

    [Fact]
    public void A_scale_of_ones_own_is_used()
    {
        var expected = F.softmax(_query.matmul(_key.transpose(-2, -1)) * 0.1, -1).matmul(_value);
        F.scaled_dot_product_attention(_query, _key, _value, scale: 0.1).ShouldBeClose(expected);
    }

    [Fact]
    public void Truth_masks_and_added_masks_agree()
    {
        var allowed = ones([5, 6], @bool).tril();
        var added = zeros([5, 6], float64).masked_fill(!allowed, double.NegativeInfinity);
        F.scaled_dot_product_attention(_query, _key, _value, allowed)
            .ShouldBeClose(F.scaled_dot_product_attention(_query, _key, _value, added));
    }

    [Fact]
    public void Causal_attention_does_not_see_the_future()
    {
        var x = randn([1, 1, 5, 4], float64);
        var before = F.scaled_dot_product_attention(x, x, x, is_causal: true);
        var changed = x.clone();
        changed.select(2, 4).fill_(100);
        var after = F.scaled_dot_product_attention(changed, changed, changed, is_causal: true);
        after.narrow(2, 0, 4).ShouldBeClose(before.narrow(2, 0, 4));
    }
}
