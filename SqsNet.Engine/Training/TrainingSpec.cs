namespace SqsNet.Engine.Training;

/// <summary>How quads are formed.</summary>
public enum QuadMode
{
    /// <summary>P, N1 and N2 of every anchor come from the same class-balanced batch: one forward pass serves B quads.</summary>
    InBatch,

    /// <summary>Four images are loaded for each anchor: the literal way, four times the cost.</summary>
    Explicit,
}

/// <summary>Arithmetic of the forward and backward pass.</summary>
public enum Precision
{
    /// <summary>32-bit floats throughout.</summary>
    Fp32,

    /// <summary>32-bit floats with TensorFloat-32 products on the GPU.</summary>
    Tf32,

    /// <summary>bfloat16 autocast, 32-bit parameters.</summary>
    Bf16,
}

/// <summary>Shape of the learning rate over training.</summary>
public enum ScheduleKind
{
    /// <summary>Cosine annealing with warm restarts (equation 14).</summary>
    CosineWarmRestarts,

    /// <summary>The base rate throughout.</summary>
    Constant,
}

/// <summary>How often the classes are drawn.</summary>
public enum Sampling
{
    /// <summary>By the square root of their size: between the collection's own balance and an even one.</summary>
    SquareRoot,

    /// <summary>All alike: rare faces come several times an epoch.</summary>
    Balanced,

    /// <summary>
    /// Each face by itself, with replacement, with a weight of one over the size of its class: what the published recipes
    /// for AffectNet call an imbalanced sampler. All classes alike on average; a batch may lack some.
    /// </summary>
    Weighted,
}

/// <summary>The training protocol of a trial; defaults are the paper's.</summary>
public sealed record TrainingSpec
{
    /// <summary>Passes over the training split, 1 or more.</summary>
    public int Epochs { get; init; } = 50;

    /// <summary>Anchors that go through the network at once, 2 or more.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Batches whose mean gradient makes an optimizer step, 1 or more: what a large batch would be where memory holds a
    /// small one. Quads and batch statistics stay within a batch.
    /// </summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>
    /// Whether the backward pass computes the networks' blocks again, of which the forward pass then keeps the inputs alone:
    /// a fraction of the memory for about a third more time, and the same gradients.
    /// </summary>
    public bool ActivationCheckpointing { get; init; }

    /// <summary>Base learning rate of AdamW.</summary>
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>
    /// Base learning rate of the trunks (all but fusion and heads), which pretrained weights need lower; null takes
    /// <see cref="LearningRate"/>.
    /// </summary>
    public double? TrunkLearningRate { get; init; }

    /// <summary>Floor of the schedule.</summary>
    public double MinLearningRate { get; init; } = 1e-6;

    /// <summary>Decoupled weight decay of AdamW.</summary>
    public double WeightDecay { get; init; } = 1e-5;

    /// <summary>Learning-rate schedule.</summary>
    public ScheduleSpec Schedule { get; init; } = new();

    /// <summary>Linear warm-up as a share of all steps, 0 to 1 exclusive.</summary>
    public double Warmup { get; init; }

    /// <summary>Largest global gradient norm; null leaves gradients alone.</summary>
    public double? ClipGradNorm { get; init; }

    /// <summary>Alpha of Mixup's Beta distribution; 0 turns Mixup off.</summary>
    public double Mixup { get; init; } = 0.4;

    /// <summary>Alpha of CutMix's Beta distribution; 0 turns CutMix off.</summary>
    public double Cutmix { get; init; } = 0.4;

    /// <summary>Share of batches that are mixed (soft targets, no quad term), 0 to 1.</summary>
    public double MixProbability { get; init; } = 0.5;

    /// <summary>Probability of erasing a rectangle of an image, 0 to 1.</summary>
    public double RandomErasing { get; init; } = 0.5;

    /// <summary>Mass moved from the true class to all classes, 0 to 1 exclusive.</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Distillation from the enhanced head to the base head.</summary>
    public DistillationSpec Distillation { get; init; } = new();

    /// <summary>When training ends for want of progress; null trains every epoch.</summary>
    public EarlyStoppingSpec? EarlyStopping { get; init; } = new();

    /// <summary>Arithmetic.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>How quads are formed.</summary>
    public QuadMode Quads { get; init; } = QuadMode.InBatch;

    /// <summary>Views of test-time augmentation: 1 (none) or 5.</summary>
    public int Tta { get; init; } = 5;

    /// <summary>Epochs between checkpoints, 1 or more.</summary>
    public int CheckpointEvery { get; init; } = 1;

    /// <summary>
    /// Keeps a checkpoint after every so many epochs, 1 or more, beside the last ones: forks can go on from there. Null
    /// keeps none of them.
    /// </summary>
    public int? KeepEvery { get; init; }

    /// <summary>Stratified share of the training split held out where a dataset has no validation split, 0 to 0.5.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>How often the classes are drawn.</summary>
    public Sampling Sampling { get; init; }

    /// <summary>
    /// Decay of an exponential moving average of the weights, which is then evaluated at the end, too; null keeps none.
    /// </summary>
    public double? EmaDecay { get; init; }

    /// <summary>Whether the weights of the last epoch are evaluated at the end, beside those of the best.</summary>
    public bool EvaluateLast { get; init; }

    /// <summary>At most this many training faces per epoch, drawn anew each epoch; null takes all.</summary>
    public int? FacesPerEpoch { get; init; }
}

/// <summary>Learning-rate schedule.</summary>
public sealed record ScheduleSpec
{
    /// <summary>Which schedule.</summary>
    public ScheduleKind Kind { get; init; } = ScheduleKind.CosineWarmRestarts;

    /// <summary>Epochs of the first cosine period (T0).</summary>
    public int Period { get; init; } = 50;

    /// <summary>Factor from each period to the next (T_mult).</summary>
    public int PeriodMultiplier { get; init; } = 1;
}

/// <summary>Distillation from the enhanced head (detached) to the base head.</summary>
public sealed record DistillationSpec
{
    /// <summary>Weight of the term; 0 turns it off.</summary>
    public double Weight { get; init; } = 1.0;

    /// <summary>Softening temperature, greater than 0.</summary>
    public double Temperature { get; init; } = 1.0;
}

/// <summary>When training ends for want of progress.</summary>
public sealed record EarlyStoppingSpec
{
    /// <summary>Epochs without a better objective before training ends, 1 or more.</summary>
    public int Patience { get; init; } = 10;
}
