using System.Text.Json;
using SqsNet.Engine.Data;
using SqsNet.Engine.Sweeps.Samplers;

namespace SqsNet.Engine.Sweeps;

/// <summary>The rules of a sweep: those of each of its trials, and what must hold between space, strategy and seeds.</summary>
public static partial class SweepSpecValidation
{
    private const int MaxValues = 1_000;
    private const int MaxDimensions = SobolSequence.MaxDimensions;

    /// <summary>Every problem of the specification, each with its path; empty when it can be started.</summary>
    /// <remarks>The same for the form, the API and the command line. Whether its datasets exist is the other overload's question.</remarks>
    public static IReadOnlyList<ConfigError> Validate(this SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var errors = new List<ConfigError>();
        var range = new SpecRange(errors);
        range.Text("name", spec.Name, 200);
        range.Text("notes", spec.Notes, 20_000, required: false, lines: true);
        CheckTags(spec.Tags, range);
        var own = SpecPath.Base(spec, seed: 0);
        errors.AddRange(own.Validate());
        var sound = errors.Count == 0;
        CheckSeeds(spec.Seeds, range);
        range.Between("executor.parallel", spec.Executor.Parallel, 1, 64);
        range.Between("executor.priority", spec.Executor.Priority, -100, 100);
        range.Between("executor.share", spec.Executor.Share, 1, 100);
        var ground = Ground(own);
        CheckSpace(spec, ground, errors);
        CheckConditions(spec, errors);
        CheckStrategy(spec, ground, errors);
        CheckPruner(spec, range);
        CheckRacing(spec, range);
        // The number of trials follows from all of the above, and means nothing before that is right.
        if (errors.Count == 0)
            CheckSize(spec, range);
        if (errors.Count == 0 && sound)
            CheckCombinations(spec, errors);
        return errors.Count <= SpecShape.MaxErrors ? errors : errors.GetRange(0, SpecShape.MaxErrors);
    }

    /// <summary>As <see cref="Validate(SweepSpec)"/>, and that every dataset it names is registered and has the objective's class.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="find">Finds a registered dataset by its name.</param>
    public static IReadOnlyList<ConfigError> Validate(this SweepSpec spec, Func<string, DatasetInfo?> find)
    {
        var errors = spec.Validate().ToList();
        var sound = errors.Count == 0;
        if (!errors.Exists(error => error.Path == "dataset"))
            Check("dataset", spec.Dataset);
        // Whether the other places hold names at all is only known of a sound specification.
        if (sound && spec.Space.TryGetValue("dataset", out var varied))
            for (var i = 0; i < varied.Values?.Count; i++)
                Check($"space.dataset.values[{i}]", varied.Values[i].GetString());
        for (var i = 0; sound && i < spec.Strategy.Configurations?.Count; i++)
            if (spec.Strategy.Configurations[i].TryGetValue("dataset", out var listed))
                Check($"strategy.configurations[{i}].dataset", listed.GetString());
        return errors;

        void Check(string path, string? name)
        {
            if (find(name ?? "") is not { } dataset)
                errors.Add(new(path, $"is not registered: \"{name}\". Import it first, or take \"synthetic\""));
            else if (ObjectiveRules.Problem(spec.Objective, dataset) is { } problem)
                errors.Add(new("objective.metric", problem));
        }
    }

    /// <summary>What values are put into to be checked: the sweep's own trial, or the defaults where that is not even JSON.</summary>
    private static TrialSpec Ground(TrialSpec own)
    {
        try
        {
            JsonSerializer.Serialize(own, SweepSpecJson.Options);
            return own;
        }
        catch (ArgumentException)
        {
            // NaN or an infinity, from a form; it has been reported where it stands.
            return SpecPath.Base(new SweepSpec(), seed: 0);
        }
    }

    private static void CheckTags(IReadOnlyList<string> tags, SpecRange range)
    {
        if (tags.Count > 50)
            range.Add("tags", $"must be at most 50; there are {tags.Count}");
        for (var i = 0; i < Math.Min(tags.Count, 50); i++)
            range.Text($"tags[{i}]", tags[i], 100);
    }

    private static void CheckSeeds(IReadOnlyList<int> seeds, SpecRange range)
    {
        if (seeds.Count == 0)
            range.Add("seeds", "must name at least one seed");
        else if (seeds.Count > 100)
            range.Add("seeds", $"must be at most 100; there are {seeds.Count}");
        var first = new Dictionary<int, int>();
        for (var i = 0; i < Math.Min(seeds.Count, 100); i++)
        {
            if (seeds[i] < 0)
                range.Add($"seeds[{i}]", $"must be 0 or more; it is {seeds[i]}");
            if (!first.TryAdd(seeds[i], i))
                range.Add($"seeds[{i}]", $"{seeds[i]} is listed twice; each seed trains a configuration once");
        }
    }

    private static void CheckSpace(SweepSpec spec, TrialSpec own, List<ConfigError> errors)
    {
        if (spec.Space.Count > MaxDimensions)
            errors.Add(new("space", $"must have at most {MaxDimensions} parameters; it has {spec.Space.Count}"));
        foreach (var (path, parameter) in spec.Space.Take(MaxDimensions))
        {
            var place = SpecShape.Join("space", path);
            if (SpecPath.Find(path) is not { } info)
                errors.Add(new(place, SpecPath.Unknown(path)));
            else if (parameter.Values is { } values)
                CheckValues(parameter, values, info, own, place, errors);
            else
                CheckRange(parameter, info, own, place, errors);
        }
        CheckOverlaps(spec.Space.Keys, path => SpecShape.Join("space", path), errors);
    }

    private static void CheckValues(
        SpaceParameter parameter,
        IReadOnlyList<JsonElement> values,
        SpecPathInfo info,
        TrialSpec own,
        string place,
        List<ConfigError> errors
    )
    {
        if (parameter.Low is not null || parameter.High is not null || parameter.Step is not null || parameter.Log)
            errors.Add(new(place, "has both values and a range; keep one"));
        if (values.Count is 0 or > MaxValues)
            errors.Add(new($"{place}.values", $"must hold 1 to {MaxValues:N0} values; it holds {values.Count:N0}"));
        for (var i = 0; i < Math.Min(values.Count, MaxValues); i++)
        {
            var at = $"{place}.values[{i}]";
            var twin = values.Take(i).Any(earlier => AreEqual(earlier, values[i]));
            if (twin)
                errors.Add(new(at, $"{Assignments.Show(values[i])} is listed twice"));
            else
                CheckValue(info.Path, values[i], own, at, errors);
        }
    }

    private static void CheckRange(
        SpaceParameter parameter,
        SpecPathInfo info,
        TrialSpec own,
        string place,
        List<ConfigError> errors
    )
    {
        var found = errors.Count;
        if (!info.IsNumeric)
            errors.Add(new(place, "needs values: a range is for numbers only"));
        else if (parameter.Low is not { } low || parameter.High is not { } high)
            errors.Add(new(place, "needs values, or a low and a high end"));
        else if (!double.IsFinite(low) || !double.IsFinite(high))
            errors.Add(new(place, "needs finite ends"));
        else
        {
            if (low >= high)
                errors.Add(
                    new($"{place}.low", $"must be below high {SpecRange.Show(high)}; it is {SpecRange.Show(low)}")
                );
            if (parameter.Log && low <= 0)
                errors.Add(new($"{place}.low", $"must be above 0 on a logarithmic scale; it is {SpecRange.Show(low)}"));
            if (parameter is { Log: true, Step: not null })
                errors.Add(new($"{place}.step", "does not go with a logarithmic scale; list values instead"));
            if (parameter.Step is { } step && !(step > 0 && step <= high - low))
                errors.Add(
                    new(
                        $"{place}.step",
                        $"must be above 0 and at most {SpecRange.Show(high - low)}; it is {SpecRange.Show(step)}"
                    )
                );
            else if (info.Kind == SpecValueKind.Integer)
                CheckWhole(parameter, place, errors);
            if (errors.Count > found)
                return;
            // Each rule is an interval, so what holds at both ends holds between them.
            CheckValue(info.Path, ValueOf(info, low), own, $"{place}.low", errors);
            CheckValue(info.Path, ValueOf(info, high), own, $"{place}.high", errors);
        }
    }

    private static void CheckWhole(SpaceParameter parameter, string place, List<ConfigError> errors)
    {
        foreach (
            var (key, value) in new[] { ("low", parameter.Low), ("high", parameter.High), ("step", parameter.Step) }
        )
            if (value is { } number && (number != Math.Floor(number) || Math.Abs(number) > int.MaxValue))
                errors.Add(new($"{place}.{key}", $"must be a whole number; it is {SpecRange.Show(number)}"));
    }

    /// <summary>Puts one value in its place and reports what becomes wrong by it.</summary>
    private static void CheckValue(
        string path,
        JsonElement value,
        TrialSpec own,
        string place,
        List<ConfigError> errors
    )
    {
        var assignment = new Dictionary<string, JsonElement> { [path] = value };
        CheckAssignment(assignment, own, _ => place, errors);
    }

    /// <summary>Puts values in their places and reports what becomes wrong by them.</summary>
    private static void CheckAssignment(
        IReadOnlyDictionary<string, JsonElement> assignment,
        TrialSpec own,
        Func<string, string> place,
        List<ConfigError> errors
    )
    {
        if (SpecPath.TryApply(own, assignment, place, errors) is not { } spec)
            return;
        var standing = own.Validate();
        foreach (var error in spec.Validate().Except(standing))
        {
            var cause = assignment.Keys.FirstOrDefault(path => IsWithin(error.Path, path));
            var at = place(cause ?? assignment.Keys.First());
            errors.Add(new(at, cause == error.Path ? error.Message : $"{error.Path} {error.Message}"));
        }
    }

    /// <summary>Two paths of which one contains the other would overwrite each other.</summary>
    private static void CheckOverlaps(IEnumerable<string> paths, Func<string, string> place, List<ConfigError> errors)
    {
        var all = paths.ToList();
        foreach (var path in all)
            if (all.Find(other => other != path && IsWithin(path, other)) is { } outer)
                errors.Add(new(place(path), $"lies within \"{outer}\", which varies as well; keep one"));
    }

    private static bool IsWithin(string path, string outer) =>
        path == outer || path.StartsWith($"{outer}.", StringComparison.Ordinal);

    private static bool AreEqual(JsonElement left, JsonElement right) =>
        left.ValueKind != JsonValueKind.Undefined
        && right.ValueKind != JsonValueKind.Undefined
        && JsonElement.DeepEquals(left, right);

    private static JsonElement ValueOf(SpecPathInfo info, double number) =>
        info.Kind == SpecValueKind.Integer ? SpaceDimension.Json((int)number) : SpaceDimension.Json(number);
}
