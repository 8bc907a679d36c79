using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace SqsNet.Web.Security;

/// <summary>The secret of this process: whoever shows it is the owner. Never logged; printed once as the login link.</summary>
public sealed class AccessToken
{
    private readonly byte[] _hash;

    public AccessToken(IOptions<SqsNetOptions> options)
    {
        Value = options.Value.Token ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        _hash = Hash(Value);
        Fingerprint = options.Value.Token is null ? "random" : Convert.ToHexStringLower(_hash.AsSpan(0, 8));
    }

    /// <summary>The token.</summary>
    internal string Value { get; }

    /// <summary>
    /// What a session remembers of the token that opened it. A random token is remembered only as random, so that
    /// sessions outlive a restart; a chosen token by a part of its hash, so that choosing another ends them all.
    /// </summary>
    public string Fingerprint { get; }

    /// <summary>Whether <paramref name="candidate"/> is the token; takes equally long for every wrong one.</summary>
    public bool Matches(string? candidate) =>
        candidate is not null && CryptographicOperations.FixedTimeEquals(Hash(candidate), _hash);

    // Hashing first makes the lengths equal, so that the comparison does not tell the token's length either.
    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
