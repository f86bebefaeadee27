using System.Diagnostics.CodeAnalysis;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>A value read from text, or why there is none.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly record struct Parsed<T>
{
    private readonly T? _value;

    private Parsed(T? value, string? problem) => (_value, Problem) = (value, problem);

    /// <summary>What is wrong and what to do, as full sentences; null if there is a value.</summary>
    public string? Problem { get; }

    /// <summary>Makes the result of a successful read.</summary>
    public static implicit operator Parsed<T>(T value) => new(value, null);

    /// <summary>Makes the result of a failed read.</summary>
    public static Parsed<T> Wrong(string problem) => new(default, problem);

    /// <summary>Takes the value, if there is one.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out string? problem)
    {
        value = _value;
        problem = Problem;
        return problem is null;
    }
}
