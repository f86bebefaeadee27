namespace Ringmaster.Cli;

/// <summary>Something the user can put right. It ends the program with <see cref="ExitCodes.Usage"/>.</summary>
/// <param name="message">What is wrong and what to do, as full sentences.</param>
/// <param name="inner">What was found out first.</param>
internal sealed class UserErrorException(string message, Exception? inner = null) : Exception(message, inner);
