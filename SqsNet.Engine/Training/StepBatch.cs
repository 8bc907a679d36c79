using SqsNet.Torch;

namespace SqsNet.Engine.Training;

/// <summary>How the faces of a batch meet.</summary>
internal enum QuadLayout
{
    /// <summary>Every face by itself: mixed batches, networks without the SQS module.</summary>
    None,

    /// <summary>The positives and negatives of a face are other faces of the batch.</summary>
    InBatch,

    /// <summary>Four blocks: anchors, positives, first and second negatives.</summary>
    Blocks,
}

/// <summary>What one step learns from: every random draw is made, and everything lies on the training device.</summary>
/// <param name="Images">Shape (N, 3, S, S), normalised, augmented and mixed; N = B, or 4B in blocks.</param>
/// <param name="Targets">What the B anchors should be taken for.</param>
/// <param name="Layout">How the faces meet.</param>
/// <param name="Others">Positions in the batch of positives, first and second negatives, shape (3, B); only with InBatch.</param>
internal sealed record StepBatch(Tensor Images, StepTargets Targets, QuadLayout Layout, Tensor? Others = null);
