namespace Ringmaster.Control;

/// <summary>Why a request was not carried out.</summary>
/// <param name="Message">A sentence for people.</param>
public sealed record VmProblem(string Message);
