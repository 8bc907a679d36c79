using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SqsNet.Engine.Events;

namespace SqsNet.Storage;

/// <summary>Registers the store.</summary>
public static class StorageServices
{
    /// <summary>Adds the store of a data directory: the database, both ports and the queries, all singletons.</summary>
    /// <param name="services">The services; logging must be among them.</param>
    /// <param name="dataDirectory">The data directory; made when absent.</param>
    /// <param name="readOnly">Whether to read only, beside a process that may be writing.</param>
    /// <remarks>The database is opened when it is first asked for; that is where an unusable directory shows.</remarks>
    public static IServiceCollection AddSqsStorage(
        this IServiceCollection services,
        string dataDirectory,
        bool readOnly = false
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dataDirectory);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ChangeFeed>();
        services.AddSingleton(_ =>
            readOnly ? SqsDatabase.OpenReadOnly(dataDirectory) : SqsDatabase.Open(dataDirectory)
        );
        services.AddSingleton<EventLog>();
        services.AddSingleton<IEventLog>(provider => provider.GetRequiredService<EventLog>());
        services.AddSingleton<SweepStore>();
        services.AddSingleton<ISweepStore>(provider => provider.GetRequiredService<SweepStore>());
        services.AddSingleton<SeriesQueries>();
        services.AddSingleton<TrialQueries>();
        services.AddSingleton<PinnedQuads>();
        services.AddSingleton<SweepArchive>();
        services.AddSingleton<SweepQueries>();
        services.AddSingleton<ReportQueries>();
        return services;
    }
}
