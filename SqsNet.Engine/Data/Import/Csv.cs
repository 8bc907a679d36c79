using System.Text;

namespace SqsNet.Engine.Data;

/// <summary>Rows of comma-separated values, as the label files of face collections have them.</summary>
internal static class Csv
{
    /// <summary>The values of one row: separated by commas, with quotes around those that hold commas (RFC 4180).</summary>
    public static List<string> Split(string row)
    {
        var values = new List<string>();
        var value = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] == '"' && quoted && i + 1 < row.Length && row[i + 1] == '"')
                value.Append(row[++i]);
            else if (row[i] == '"')
                quoted = !quoted;
            else if (row[i] == ',' && !quoted)
            {
                values.Add(value.ToString());
                value.Clear();
            }
            else
                value.Append(row[i]);
        }
        values.Add(value.ToString());
        return values;
    }
}
