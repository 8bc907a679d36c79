using SqsNet.Engine.Randomness;
using SqsNet.Torch;

namespace SqsNet.Engine.Data;

/// <summary>Which faces of a batch are moved alike.</summary>
/// <remarks>
/// The similarity of two faces is taken location by location, so location (i, j) must mean the same place of both: all four
/// faces of a quad are flipped, turned, shifted and scaled together. With quads formed within a batch every face may meet
/// every other, so the whole batch moves as one. Light and contrast have no place and are drawn for each face.
/// </remarks>
public enum GeometrySharing
{
    /// <summary>Each face by itself: batches without quads.</summary>
    PerFace,

    /// <summary>The whole batch alike: quads formed within the batch.</summary>
    WholeBatch,

    /// <summary>The batch is four blocks (anchors, positives, first and second negatives); quad i is moved alike.</summary>
    PerQuad,
}

/// <summary>Random changes of training faces that leave the expression what it is. Defaults suit aligned faces.</summary>
public sealed record Augmentation
{
    /// <summary>Nothing changes.</summary>
    public static Augmentation None { get; } =
        new()
        {
            FlipProbability = 0,
            Rotation = 0,
            Shift = 0,
            Zoom = 0,
            Brightness = 0,
            Contrast = 0,
        };

    /// <summary>Probability of a mirror image, 0 to 1.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Largest turn in degrees, either way.</summary>
    public double Rotation { get; init; } = 10;

    /// <summary>Largest shift along x and along y, as a share of the side.</summary>
    public double Shift { get; init; } = 0.05;

    /// <summary>Largest change of size, as a share.</summary>
    public double Zoom { get; init; } = 0.08;

    /// <summary>Largest change of brightness, as a share.</summary>
    public double Brightness { get; init; } = 0.2;

    /// <summary>Largest change of contrast, as a share.</summary>
    public double Contrast { get; init; } = 0.2;

    /// <summary>Changes a batch.</summary>
    /// <param name="images">Shape (B, C, H, W), 0..1; left as it is.</param>
    /// <param name="sharing">Which faces are moved alike.</param>
    /// <param name="rng">The stream to draw from.</param>
    /// <returns>Shape (B, C, H, W), 0..1.</returns>
    /// <exception cref="ArgumentException">PerQuad, and B is not a multiple of four.</exception>
    public Tensor Apply(Tensor images, GeometrySharing sharing, Rng rng)
    {
        using var scope = torch.NewDisposeScope();
        var count = (int)images.size(0);
        var moved = MovesNothing ? images : Move(images, DrawMoves(count, sharing, rng));
        // A result that is the input itself would be disposed twice.
        var changed = Brightness > 0 || Contrast > 0 ? Relight(moved, count, rng) : moved;
        return scope.MoveToOuter(ReferenceEquals(changed, images) ? images.alias() : changed);
    }

    private bool MovesNothing => FlipProbability == 0 && Rotation == 0 && Shift == 0 && Zoom == 0;

    /// <summary>One 2 × 3 matrix a face, from places in the result to places in the source, -1..1 from edge to edge.</summary>
    internal float[] DrawMoves(int count, GeometrySharing sharing, Rng rng)
    {
        if (sharing == GeometrySharing.PerQuad && count % 4 != 0)
            throw new ArgumentException($"{count} faces are not quads of four", nameof(count));
        var distinct = sharing switch
        {
            GeometrySharing.WholeBatch => 1,
            GeometrySharing.PerQuad => count / 4,
            _ => count,
        };
        var matrices = new float[count * 6];
        for (var i = 0; i < distinct; i++)
            DrawMove(matrices.AsSpan(i * 6, 6), rng);
        for (var i = distinct; i < count; i++)
            matrices.AsSpan(i % distinct * 6, 6).CopyTo(matrices.AsSpan(i * 6, 6));
        return matrices;
    }

    private void DrawMove(Span<float> matrix, Rng rng)
    {
        var flip = rng.NextBool(FlipProbability) ? -1 : 1;
        var zoom = 1 / (1 + rng.NextDouble(-Zoom, Zoom));
        var (sin, cos) = Math.SinCos(rng.NextDouble(-Rotation, Rotation) * Math.PI / 180);
        matrix[0] = (float)(flip * zoom * cos);
        matrix[1] = (float)(flip * zoom * sin);
        matrix[2] = (float)(2 * rng.NextDouble(-Shift, Shift));
        matrix[3] = (float)(-zoom * sin);
        matrix[4] = (float)(zoom * cos);
        matrix[5] = (float)(2 * rng.NextDouble(-Shift, Shift));
    }

    private static Tensor Move(Tensor images, float[] matrices)
    {
        var theta = torch.tensor<float>(matrices, [images.size(0), 2, 3], images.device);
        var grid = torch.nn.functional.affine_grid(theta, images.shape); // (B, H, W, 2)
        // The border goes on outside: a black frame would be the strongest edge of the picture.
        return torch.nn.functional.grid_sample(images, grid, padding_mode: GridSamplePaddingMode.Border);
    }

    private Tensor Relight(Tensor images, int count, Rng rng)
    {
        var brightness = new float[count];
        var contrast = new float[count];
        for (var i = 0; i < count; i++)
        {
            brightness[i] = (float)(1 + rng.NextDouble(-Brightness, Brightness));
            contrast[i] = (float)(1 + rng.NextDouble(-Contrast, Contrast));
        }
        Tensor PerFace(float[] values) => torch.tensor<float>(values, [count, 1, 1, 1], images.device);
        var lit = images * PerFace(brightness);
        var mean = lit.mean([1, 2, 3], keepdim: true); // (B, 1, 1, 1)
        return (lit - mean).mul_(PerFace(contrast)).add_(mean).clamp_(0, 1);
    }
}
