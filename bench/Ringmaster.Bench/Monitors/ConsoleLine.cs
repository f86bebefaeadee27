namespace Ringmaster.Bench.Monitors;

/// <summary>A line of a guest's console.</summary>
/// <param name="Seconds">When its end came, from the start of the command.</param>
/// <param name="Text">Without the line end.</param>
internal readonly record struct ConsoleLine(double Seconds, string Text);
