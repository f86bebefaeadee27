using System.Text.RegularExpressions;

namespace Ringmaster.Guests.Tests.Linux;

/// <summary>Something to type at the guest's shell, and what it has to answer.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Command">One line of shell.</param>
/// <param name="Answer">A regular expression for the whole output, without the last newline.</param>
internal sealed record ShellCase(string Name, string Command, string Answer)
{
    public bool Accepts(string output) => Regex.IsMatch(output, $@"\A(?:{Answer})\z", RegexOptions.None, TimeSpan.FromSeconds(10));
}
