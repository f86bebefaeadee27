namespace Ringmaster.Cpu.Translator.Lockstep;

/// <summary>
/// What instructions read that is different each time, in order: the time-stamp counter and random numbers. One vCPU records it,
/// the other reads it back.
/// </summary>
/// <param name="counter">The real counter.</param>
internal sealed class EntropyTape(ITimestampCounter counter) : ITimestampCounter
{
    private readonly Queue<ulong> _values = new();

    /// <inheritdoc/>
    public ulong Frequency => counter.Frequency;

    /// <inheritdoc/>
    public ulong Now
    {
        get
        {
            var now = counter.Now;
            Record(now);
            return now;
        }
    }

    /// <summary>The same counter for the vCPU that reads back.</summary>
    public ITimestampCounter Playback => new Reader(this);

    /// <summary>Records a value.</summary>
    public void Record(ulong value) => _values.Enqueue(value);

    /// <summary>Reads the next value back.</summary>
    public ulong Read() => _values.TryDequeue(out var value)
        ? value : throw new LockstepException("The interpreter reads the time or a random number where the translator has not.");

    private sealed class Reader(EntropyTape tape) : ITimestampCounter
    {
        public ulong Frequency => tape.Frequency;

        public ulong Now => tape.Read();
    }
}
