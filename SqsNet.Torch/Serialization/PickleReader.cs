using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace SqsNet.Torch;

/// <summary>A class or function that a pickle names.</summary>
internal sealed record PickleGlobal(string Name);

/// <summary>
/// Reads the part of Python's pickle language that dictionaries of tensors are written in, and refuses the rest by name.
/// </summary>
/// <remarks>
/// A pickle is a program for a machine with a stack, and in Python it may call any function. Here a call is one of
/// <paramref name="calls"/> or an error, so that nothing in a file can run. Values are null, bool, long, double, string,
/// an array for a tuple, a List, a Dictionary, and what the calls return.
/// </remarks>
/// <param name="data">The bytes; more may follow the pickle.</param>
/// <param name="calls">What may be called, by "module.name".</param>
/// <param name="constants">Names that may stand there without being called.</param>
/// <param name="persistent">Gives what an identifier of something outside of the pickle stands for.</param>
internal sealed class PickleReader(
    ReadOnlyMemory<byte> data,
    IReadOnlyDictionary<string, Func<object?[], object?>> calls,
    IReadOnlySet<string> constants,
    Func<object?[], object?> persistent
)
{
    private const int NewestProtocol = 5;

    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<long, object?> _memo = [];

    /// <summary>Bytes that were read.</summary>
    internal int Position { get; private set; }

    /// <summary>Runs the pickle to its end.</summary>
    /// <returns>The value that it leaves.</returns>
    /// <exception cref="InvalidDataException">The pickle is damaged, or holds what is not understood here; says what.</exception>
    internal object? Read()
    {
        while (true)
        {
            var at = Position;
            var opcode = (char)Take(1)[0];
            if (opcode == '.')
            {
                return Pop();
            }
            if (!TryRun(opcode))
            {
                throw new InvalidDataException(
                    $"the pickle has the opcode {NameOf(opcode)} at byte {at}, which is not read here: only tensors and plain containers are."
                );
            }
        }
    }

    private bool TryRun(char opcode) => TryPush(opcode) || TryCollect(opcode) || TryRemember(opcode) || TryCall(opcode);

    /// <summary>Opcodes that push a value of their own.</summary>
    private bool TryPush(char opcode)
    {
        object? value;
        switch (opcode)
        {
            case 'N':
                value = null;
                break;
            case '\x88' or '\x89':
                value = opcode == '\x88';
                break;
            case 'J':
                value = (long)BinaryPrimitives.ReadInt32LittleEndian(Take(4));
                break;
            case 'K':
                value = (long)Take(1)[0];
                break;
            case 'M':
                value = (long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
                break;
            case '\x8a':
                value = Long(Take(Take(1)[0]));
                break;
            case 'G':
                value = BinaryPrimitives.ReadDoubleBigEndian(Take(8));
                break;
            case 'X':
                value = Text(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                break;
            case '\x8c':
                value = Text(Take(Take(1)[0]));
                break;
            case '\x8d':
                value = Text(Take(BinaryPrimitives.ReadUInt64LittleEndian(Take(8))));
                break;
            case '}':
                value = new Dictionary<object, object?>();
                break;
            case ']':
                value = new List<object?>();
                break;
            case ')':
                value = Array.Empty<object?>();
                break;
            default:
                return false;
        }
        _stack.Add(value);
        return true;
    }

    /// <summary>Opcodes that make one value of several.</summary>
    private bool TryCollect(char opcode)
    {
        switch (opcode)
        {
            case '(':
                _marks.Push(_stack.Count);
                return true;
            case 't':
                _stack.Add(PopToMark());
                return true;
            case '\x85' or '\x86' or '\x87':
                _stack.Add(Pop(opcode - '\x84'));
                return true;
            case 'a':
                Append(Pop(1));
                return true;
            case 'e':
                Append(PopToMark());
                return true;
            case 's':
                SetItems(Pop(2));
                return true;
            case 'u':
                SetItems(PopToMark());
                return true;
            case 'b':
                // The state of an object: PyTorch gives its dictionaries a "_metadata" of versions. Tensors need none.
                _ = Pop();
                _ = Peek<Dictionary<object, object?>>("the state of an object that is no dictionary");
                return true;
            default:
                return false;
        }
    }

    /// <summary>Opcodes for the memo, and those about the pickle itself.</summary>
    private bool TryRemember(char opcode)
    {
        switch (opcode)
        {
            case 'q':
                _memo[Take(1)[0]] = Peek();
                return true;
            case 'r':
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek();
                return true;
            case '\x94':
                _memo[_memo.Count] = Peek();
                return true;
            case 'h':
                _stack.Add(Recall(Take(1)[0]));
                return true;
            case 'j':
                _stack.Add(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                return true;
            case '\x80':
                var protocol = Take(1)[0];
                if (protocol > NewestProtocol)
                {
                    throw new InvalidDataException(
                        $"the pickle is of protocol {protocol}, newer than {NewestProtocol}."
                    );
                }
                return true;
            case '\x95':
                _ = Take(8); // the length of a frame, for readers of streams
                return true;
            default:
                return false;
        }
    }

    /// <summary>Opcodes that name and call something.</summary>
    private bool TryCall(char opcode)
    {
        switch (opcode)
        {
            case 'c':
                var module = Line();
                _stack.Add(Global(module, Line()));
                return true;
            case '\x93':
                var names = Pop(2);
                _stack.Add(
                    names is [string from, string name]
                        ? Global(from, name)
                        : throw new InvalidDataException("the pickle names something by what is no text.")
                );
                return true;
            case 'R':
                var arguments = Pop() as object?[];
                if (arguments is null || Pop() is not PickleGlobal { Name: var callee })
                {
                    throw new InvalidDataException("the pickle calls what cannot be called.");
                }
                _stack.Add(
                    calls.TryGetValue(callee, out var call)
                        ? call(arguments)
                        : throw new InvalidDataException($"the pickle calls {callee}, which is not called here.")
                );
                return true;
            case 'Q':
                _stack.Add(
                    persistent(
                        Pop() as object?[]
                            ?? throw new InvalidDataException("the pickle names its storages in an unknown way.")
                    )
                );
                return true;
            default:
                return false;
        }
    }

    private PickleGlobal Global(string module, string name)
    {
        var whole = $"{module}.{name}";
        return calls.ContainsKey(whole) || constants.Contains(whole)
            ? new(whole)
            : throw new InvalidDataException(
                $"the pickle names {whole}, which is not read here: only tensors and plain containers are."
            );
    }

    private void Append(object?[] items) => Peek<List<object?>>("items for what is no list").AddRange(items);

    private void SetItems(object?[] items)
    {
        var dictionary = Peek<Dictionary<object, object?>>("items for what is no dictionary");
        if (items.Length % 2 != 0)
        {
            throw new InvalidDataException("the pickle has a key without a value.");
        }
        for (var i = 0; i < items.Length; i += 2)
        {
            dictionary[items[i] ?? throw new InvalidDataException("the pickle has a key that is None.")] = items[i + 1];
        }
    }

    private object? Recall(long key) =>
        _memo.TryGetValue(key, out var value)
            ? value
            : throw new InvalidDataException($"the pickle recalls {key}, which it has not remembered.");

    private object? Peek() => _stack.Count > Floor ? _stack[^1] : throw Empty();

    private T Peek<T>(string otherwise)
        where T : class => Peek() as T ?? throw new InvalidDataException($"the pickle has {otherwise}.");

    private object? Pop() => Pop(1)[0];

    private object?[] Pop(int count)
    {
        if (_stack.Count - Floor < count)
        {
            throw Empty();
        }
        object?[] items = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw new InvalidDataException("the pickle lacks a mark.");
        }
        var items = Pop(_stack.Count - Floor);
        _ = _marks.Pop();
        return items;
    }

    /// <summary>What lies below the last mark belongs to what was begun before it.</summary>
    private int Floor => _marks.TryPeek(out var mark) ? mark : 0;

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(data.Length - Position))
        {
            throw new InvalidDataException($"the pickle ends early, at byte {data.Length}.");
        }
        var bytes = data.Span.Slice(Position, (int)count);
        Position += (int)count;
        return bytes;
    }

    private string Line()
    {
        var length = data.Span[Position..].IndexOf((byte)'\n');
        if (length < 0)
        {
            throw new InvalidDataException($"the pickle ends early, at byte {data.Length}.");
        }
        var line = Text(Take((ulong)length));
        _ = Take(1);
        return line;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>A whole number in two's complement, little end first; beyond 64 bits a BigInteger, such as the magic number.</summary>
    private static object Long(ReadOnlySpan<byte> bytes)
    {
        var number = new BigInteger(bytes);
        return number >= long.MinValue && number <= long.MaxValue ? (long)number : number;
    }

    private static InvalidDataException Empty() => new("the pickle takes more from its stack than there is.");

    private static string NameOf(char opcode) =>
        opcode switch
        {
            'i' => "INST",
            'o' => "OBJ",
            '\x81' => "NEWOBJ",
            '\x92' => "NEWOBJ_EX",
            '\x82' or '\x83' or '\x84' => "EXT",
            'P' => "PERSID",
            '\x8f' or '\x90' or '\x91' => "SET",
            'B' or 'C' or '\x8e' or '\x96' => "BYTES",
            'S' or 'T' or 'U' or 'V' => "STRING",
            _ => $"0x{(int)opcode:x2}",
        };
}
