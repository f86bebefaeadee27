using Xunit.Abstractions;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>Translated code does what interpreted code does, whatever the code and the state.</summary>
public sealed class TranslationFuzzTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Translated_code_does_what_interpreted_code_does(bool coherent)
    {
        var seed = FuzzTime.FirstSeed(1);
        output.WriteLine($"first seed {seed:x16}");
        using var guests = new ComparedGuests();

        for (var time = new FuzzTime(6); !time.IsOver;)
            guests.Run(seed++, coherent);

        output.WriteLine($"{guests.Cases} cases, {guests.Undecided} undecided, {guests.Instructions} instructions");
        Assert.True(guests.Instructions > guests.Cases, "the guests must get somewhere");
        Assert.True(guests.Undecided < guests.Cases / 3, $"{guests.Undecided} of {guests.Cases} cases are undecided");
    }
}
