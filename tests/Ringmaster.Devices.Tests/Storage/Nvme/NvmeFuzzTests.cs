using Ringmaster.Devices.Storage;

namespace Ringmaster.Devices.Tests.Storage.Nvme;

public sealed class NvmeFuzzTests
{
    private static readonly byte[] s_opcodes = [0, 1, 2, 4, 5, 6, 8, 9, 10, 12];

    [Fact]
    public void A_hostile_guest_gets_errors_and_can_start_again()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var driver = new NvmeDriver().Enable().AddQueues();

            for (var round = 0; round < 12; round++)
                Attack(driver, random);

            driver.Write(0x14, 0);
            driver.IsBusMaster = true;
            driver.Disk.CompleteSome();
            driver.Disk.Outcome = BlockStatus.Done;
            driver.Enable().AddQueues();
            Assert.Equal(0, driver.Do(1, new NvmeEntry(0x02, 1, NvmeDriver.Data)).Status);
        }
    }

    /// <summary>Fills memory with pointers and commands that are half sensible, then rings doorbells and touches registers.</summary>
    private static void Attack(NvmeDriver driver, Random random)
    {
        for (ulong at = 0x1000; at < 0x1_0000; at += 64)
        {
            var entry = new NvmeEntry(
                s_opcodes[random.Next(s_opcodes.Length)], (uint)random.Next(3), Pointer(random), Pointer(random), Word(random), Word(random), Word(random));
            driver.Store(at, entry.ToBytes((ushort)random.Next(4)));
        }
        for (var i = 0; i < 20; i++)
        {
            switch (random.Next(6))
            {
                case 0:
                    driver.Write((ulong)random.Next(0x40) & ~3UL, Word(random));
                    break;
                case 1:
                    driver.Disk.Outcome = (BlockStatus)random.Next(5);
                    driver.Disk.CompleteSome(random.Next(20));
                    break;
                case 2:
                    driver.IsBusMaster = random.Next(4) != 0;
                    break;
                default:
                    driver.Write(0x1000 + (ulong)random.Next(8) * 4, (uint)random.Next(10));
                    break;
            }
            driver.Wiring.Clock.Advance(random.Next(2));
        }
    }

    private static ulong Pointer(Random random) => random.Next(6) switch
    {
        0 => (ulong)random.NextInt64(),
        1 => ulong.MaxValue << random.Next(64),
        2 => 0x1_0000 - (ulong)random.Next(64),
        _ => (ulong)random.Next(16) * 0x1000 + (ulong)(random.Next(4) == 0 ? 0xFF8 : 0),
    };

    private static uint Word(Random random) => random.Next(4) switch
    {
        0 => (uint)random.Next(),
        1 => (uint)random.Next(4) | (uint)random.Next(4) << 16,
        2 => uint.MaxValue << random.Next(32),
        _ => (uint)random.Next(70),
    };
}
