using Dapper;

namespace SqsNet.Storage;

/// <summary>Quads of a dataset's faces that people want to look at again, with whichever trial. Safe from any thread.</summary>
/// <param name="database">The store.</param>
/// <param name="clock">Tells when a quad was pinned.</param>
public sealed class PinnedQuads(SqsDatabase database, TimeProvider clock)
{
    /// <summary>The pinned quads of a dataset: indices of A, P, N1 and N2, in the order in which they were pinned.</summary>
    public Task<IReadOnlyList<IReadOnlyList<int>>> ListAsync(string dataset, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<IReadOnlyList<int>>>(
            connection =>
                [
                    .. connection
                        .Query<(int A, int P, int N1, int N2)>(
                            """
                            SELECT anchor, positive, negative1, negative2 FROM pinned_quad
                            WHERE dataset = $dataset ORDER BY pinned_at, anchor, positive, negative1, negative2
                            """,
                            new { dataset }
                        )
                        .Select(quad => (int[])[quad.A, quad.P, quad.N1, quad.N2]),
                ],
            cancellationToken
        );

    /// <summary>Pins a quad; one that is pinned stays where it is.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="faces">Indices of A, P, N1 and N2.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task AddAsync(string dataset, IReadOnlyList<int> faces, CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            INSERT INTO pinned_quad VALUES ($dataset, $a, $p, $n1, $n2, $now) ON CONFLICT DO NOTHING
            """,
            dataset,
            faces,
            cancellationToken
        );

    /// <summary>Lets go of a quad; one that is not pinned is no error.</summary>
    /// <inheritdoc cref="AddAsync"/>
    public Task RemoveAsync(string dataset, IReadOnlyList<int> faces, CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            DELETE FROM pinned_quad WHERE dataset = $dataset
            AND anchor = $a AND positive = $p AND negative1 = $n1 AND negative2 = $n2
            """,
            dataset,
            faces,
            cancellationToken
        );

    private Task ExecuteAsync(string sql, string dataset, IReadOnlyList<int> faces, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(faces);
        if (faces.Count != 4)
            throw new ArgumentException($"A quad has four faces, not {faces.Count}.", nameof(faces));
        var parameters = new
        {
            dataset,
            a = faces[0],
            p = faces[1],
            n1 = faces[2],
            n2 = faces[3],
            now = clock.GetUtcNow(),
        };
        return database.WriteAsync(connection => connection.Execute(sql, parameters), cancellationToken);
    }
}
