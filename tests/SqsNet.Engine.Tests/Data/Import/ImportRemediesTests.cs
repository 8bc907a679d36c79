using SqsNet.Engine.Data;

namespace SqsNet.Engine.Tests.Data.Import;

public class ImportRemediesTests
{
    public static TheoryData<ImportProblemKind> Kinds => [.. Enum.GetValues<ImportProblemKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_is_a_sentence_for_one_and_for_many(ImportProblemKind kind)
    {
        var (one, many) = (ImportRemedies.Sentence(kind, 1), ImportRemedies.Sentence(kind, 1200));
        one.ShouldMatch("^1 [a-z ]+: .+[.]$");
        many.ShouldMatch("^1,200 [a-z ]+: .+[.]$");
        many[many.IndexOf(' ')..].ShouldNotBe(one[one.IndexOf(' ')..]);
    }
}
