using Microsoft.AspNetCore.Diagnostics;
using SqsNet.Engine.Events;
using SqsNet.Engine.Sweeps;

namespace SqsNet.Web.Api;

/// <summary>Errors as RFC 9457 problem details.</summary>
internal static class Problems
{
    /// <summary>Every problem of a specification at once: "errors" maps each path to its messages.</summary>
    public static IResult Invalid(IEnumerable<ConfigError> errors) =>
        Results.ValidationProblem(
            errors
                .GroupBy(error => error.Path, error => error.Message)
                .ToDictionary(group => group.Key, group => group.Distinct().ToArray()),
            title: "The request is not valid."
        );

    public static IResult Invalid(string path, string message) => Invalid([new ConfigError(path, message)]);

    public static IResult NotFound(string what) =>
        Results.Problem($"{what} does not exist.", statusCode: StatusCodes.Status404NotFound);

    public static IResult Conflict(string why) => Results.Problem(why, statusCode: StatusCodes.Status409Conflict);
}

/// <summary>Turns the exceptions that say "you asked for the wrong thing" into the answers that say so.</summary>
internal sealed class ProblemExceptionHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (!httpContext.Request.Path.StartsWithSegments(Urls.Api))
            return false;
        var problem = exception switch
        {
            NotFoundException missing => Results.Problem(missing.Message, statusCode: StatusCodes.Status404NotFound),
            InvalidSpecException invalid => Problems.Invalid(invalid.Errors),
            BadHttpRequestException bad => Results.Problem(bad.Message, statusCode: bad.StatusCode),
            _ => null,
        };
        if (problem is null)
            return false;
        await problem.ExecuteAsync(httpContext);
        return true;
    }
}
