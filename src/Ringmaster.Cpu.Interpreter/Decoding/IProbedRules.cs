namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>What a <see cref="ProbedTable{TKey, TValue, TRules}"/> needs to know of keys and values.</summary>
internal interface IProbedRules<TKey, TValue>
{
    /// <summary>The key in a value.</summary>
    TKey KeyOf(TValue value);

    /// <summary>A number that is the same for keys that are the same, and seldom for others.</summary>
    ulong NumberOf(TKey key);

    /// <summary>Whether values with these keys stand in for each other.</summary>
    bool AreSame(TKey one, TKey other);
}
